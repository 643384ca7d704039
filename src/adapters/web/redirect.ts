/**
 * Redirects followed by hand, after the Fetch standard's HTTP-redirect fetch (§4.4). Needed because clients that
 * follow by themselves take along every header but `Authorization` and `Cookie`, and drop a query key; and so that only the
 * hop that was refused is sent again.
 */

const MAX_REDIRECTS = 20;

/** Headers that go when the body goes. */
const BODY_HEADERS = 'encoding language location type length'.split(' ').map((name) => `content-${name}`);

/** Headers that no request takes to another origin. */
const ORIGIN_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'host'];

/** Referrer Policy §3: what a redirect may set. */
const REFERRER_POLICY = /^(?:no-referrer|unsafe-url|(?:same-|strict-)?origin)(?:-when-(?:downgrade|cross-origin))?$/;

/** Where a chain of redirects stands: what the next hop sends, and without which of the caller's headers. */
export class RedirectChain {
  declare url: URL;
  declare method: string;
  /** Can the body be sent again? A chain that has to and cannot fails, as fetch does. */
  declare readonly replayable: boolean;
  /** The caller's, until a redirect brings a `Referrer-Policy`. */
  declare referrerPolicy: ReferrerPolicy | undefined;
  /** The caller's; where a hop has shown its origin only, later ones show no more. */
  declare referrer: string | undefined;
  hops = 0;
  bodyDropped = false;
  /** It has led away from its first origin, which makes the response one of another origin, at home too. */
  hasLeft = false;

  constructor(url: string, method: string, replayable: boolean, referrer?: string, referrerPolicy?: ReferrerPolicy) {
    this.url = new URL(url);
    this.method = method;
    this.replayable = replayable;
    this.referrer = referrer;
    this.referrerPolicy = referrerPolicy;
  }

  /**
   * Goes where a redirect leads.
   *
   * @throws TypeError `fetch failed`, as fetch itself would, for a redirect that must not be followed.
   */
  advance(response: Response): void {
    const { status, headers } = response;
    const target = resolve(locationOf(response) as string, this.url);
    this.hops += 1;
    if (this.hops > MAX_REDIRECTS) throw failed('redirect count exceeded');
    if (target.username + target.password) throw failed('cross origin not allowed for request mode "cors"');
    if (status !== 303 && !this.bodyDropped && !this.replayable) throw failed('');
    if (TO_GET[status]?.test(this.method)) {
      this.method = 'GET';
      this.bodyDropped = true;
    }
    this.hasLeft ||= target.origin !== this.url.origin;
    this.url = target;
    this.#heedPolicy(headers.get('referrer-policy') ?? '');
  }

  /** The headers that must not come along. */
  get droppedHeaders(): string[] {
    return [...(this.bodyDropped ? BODY_HEADERS : []), ...(this.hasLeft ? ORIGIN_HEADERS : [])];
  }

  /** Referrer Policy §8.3: what one hop has hidden stays hidden. */
  #heedPolicy(policies: string): void {
    const known = policies.toLowerCase().split(/[\s,]+/);
    const last = known.findLast((policy) => REFERRER_POLICY.test(policy)) as ReferrerPolicy | undefined;
    this.referrerPolicy = last ?? this.referrerPolicy;
    if (!this.referrer?.startsWith('http')) return;
    const { origin } = new URL(this.referrer);
    if (origin === this.url.origin) return;
    // The default is 'strict-origin-when-cross-origin'.
    const policy = this.referrerPolicy || 'origin';
    if (/^(?:same-origin|no-referrer)$/.test(policy)) this.referrer = '';
    else if (policy.includes('origin')) this.referrer = `${origin}/`;
  }
}

/** Which methods become GET behind which status. */
const TO_GET: Readonly<Record<number, RegExp>> = { 301: /^POST$/, 302: /^POST$/, 303: /^(?!GET$|HEAD$)/ };

const REDIRECTS = [301, 302, 303, 307, 308];

/** Where a response leads; `null`: nowhere. */
export function locationOf({ status, headers }: Response): string | null {
  return REDIRECTS.includes(status) ? headers.get('location') : null;
}

function resolve(location: string, base: URL): URL {
  let url: URL;
  try {
    url = new URL(fromBytes(location), base);
  } catch (cause) {
    throw failed(cause);
  }
  if (!/^https?:$/.test(url.protocol)) throw failed('URL scheme must be a HTTP(S) scheme');
  url.hash ||= base.hash;
  return url;
}

/** Platforms show each byte of a header as a character; the standard reads these bytes as UTF-8. */
function fromBytes(location: string): string {
  if (!/[\x80-\xff]/.test(location) || /[^\0-\xff]/.test(location)) return location;
  return new TextDecoder().decode(Uint8Array.from(location, (character) => character.charCodeAt(0)));
}

function failed(reason: unknown): TypeError {
  return new TypeError('fetch failed', { cause: typeof reason === 'string' ? new Error(reason) : reason });
}
