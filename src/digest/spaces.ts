import type { Challenge } from '../challenge/parse.ts';
import { RecentMap } from '../recent-map.ts';
import type { DigestAnswer } from './answer.ts';
import { chooseDigest } from './challenge.ts';
import type { DigestNonce } from './nonce.ts';
import { type DigestOptions, DigestSession } from './session.ts';

/** The most that are remembered, so that a hostile server cannot fill the memory. */
const MAX_SPACES = 8;
const MAX_PLACES = 32;
const LONGEST_PLACE = 1024;

/** A nonce and the session that it belongs to. */
export interface DigestRemedy {
  readonly session: DigestSession;
  readonly nonce: DigestNonce;
}

/** A realm, and where at its server it holds. */
interface Space {
  readonly session: DigestSession;
  /** Beginnings of URIs: from `domain`, and where the server has challenged us all the same. */
  readonly places: Set<string>;
}

/**
 * The protection spaces of one origin. Which one a URI belongs to, servers say with `domain` (RFC 7616 §3.3), else by
 * challenging. What `domain` says of other origins is not heeded: each origin has to ask for itself.
 */
export class DigestSpaces {
  readonly #origin: string;
  readonly #options: DigestOptions;
  /** By realm; the latest challenge is the last entry. */
  readonly #spaces = new RecentMap<string, Space>(MAX_SPACES);

  constructor(origin: string, options: DigestOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  /** The session whose challenges the URI is likely to get. `undefined`: none that is known. */
  sessionFor(uri: string): DigestSession | undefined {
    let [found, longest] = [undefined as DigestSession | undefined, 0];
    for (const { session, places } of this.#spaces.values()) {
      const length = longestBeginning(places, uri);
      if (length > 0 && length >= longest) [found, longest] = [session, length];
    }
    return found;
  }

  /** {@link DigestSession.learn}, for the space that the server names. */
  learn(challenges: readonly Challenge[], uri: string, refused: DigestAnswer | undefined): DigestRemedy | undefined {
    const chosen = chooseDigest(challenges, this.#options);
    if (chosen === undefined) return undefined;
    const { realm, domain } = chosen;
    const { session, places } = this.#space(realm);
    for (const place of domain) addPlace(places, this.#pathOf(place));
    if (domain.length === 0) addPlace(places, '/');
    addPlace(places, folderOf(uri));
    const ofRealm = challenges.filter(({ params }) => params.get('realm') === realm);
    const nonce = session.learn(ofRealm, refused);
    return nonce && { session, nonce };
  }

  #space(realm: string): Space {
    const space = this.#spaces.get(realm) ?? { session: new DigestSession(this.#options), places: new Set() };
    this.#spaces.set(realm, space);
    return space;
  }

  /** `undefined` for what is elsewhere or no URI. */
  #pathOf(place: string): string | undefined {
    if (!URL.canParse(place, this.#origin)) return undefined;
    const { origin, pathname, search } = new URL(place, this.#origin);
    return origin === this.#origin ? pathname + search : undefined;
  }
}

/** The path up to its last slash. */
function folderOf(uri: string): string {
  const [path = ''] = uri.split('?', 1);
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The oldest of too many is forgotten; what a server says is the youngest with each of its challenges. */
function addPlace(places: Set<string>, place: string | undefined): void {
  if (place === undefined || place === '' || place.length > LONGEST_PLACE) return;
  places.delete(place);
  places.add(place);
  const [oldest] = places;
  if (places.size > MAX_PLACES && oldest !== undefined) places.delete(oldest);
}

function longestBeginning(places: ReadonlySet<string>, uri: string): number {
  let longest = 0;
  for (const place of places) if (place.length > longest && uri.startsWith(place)) longest = place.length;
  return longest;
}
