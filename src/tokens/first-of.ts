import { type AuthError, ConfigurationError, CredentialError, isAuthError, LoginRequiredError } from '../errors.ts';
import { oneOf, readOptions, type Shape } from '../options.ts';
import { KEEP, type Keeper } from './keeping.ts';
import type { ProofOfPossession, SourceIdentity, Token, TokenRequest, TokenSource } from './token.ts';

/** Options of {@link firstOf}. */
export interface FirstOfOptions {
  /**
   * What happens when a source fails because a server refused or the network broke. `'stop'`: the call fails, so that
   * trouble with one credential never silently becomes another identity. `'next'`: the next source is tried. Default:
   * `'stop'`.
   */
  readonly onFailure?: 'stop' | 'next';
}

const SHAPE: Shape<FirstOfOptions> = { onFailure: oneOf('stop', 'next') };

/** Where a token comes from, kept with it: its refresh token is for that link only. */
interface LinkedToken extends Token {
  readonly link?: string;
  /** What the cache has kept of an earlier token, which another link has made. */
  readonly foreign?: readonly Kept[];
}

/** What a cache keeps when a new token comes without. */
type Kept = 'refreshToken' | 'idToken';
const KEPT: readonly Kept[] = ['refreshToken', 'idToken'];

/** What became of one link. */
interface Outcome {
  readonly link: number;
  readonly error: unknown;
}

/** A source without a deadline of its own. */
const DEADLINE_MS = 30_000;

/**
 * A chain of sources: the first one that has a credential gives the token. A link is *unavailable* when it lacks
 * something on this side (a secret, a setting, somebody to log in); then the next one is asked. It has *failed* when a
 * server refused or could not be reached; then the chain ends. The failure says why of every link.
 *
 * The link that made the last token alone learns its refresh token.
 *
 * @example
 * const source = firstOf(refreshToken({ issuer, clientId }), deviceAuthorization({ issuer, clientId, show }));
 * const tolerant = firstOf([primary, secondary], { onFailure: 'next' });
 * @throws {@link ConfigurationError} for an empty chain, and for links that bind tokens to different keys.
 */
export function firstOf(...sources: readonly TokenSource[]): TokenSource;
export function firstOf(sources: readonly TokenSource[], options?: FirstOfOptions): TokenSource;
export function firstOf(...given: readonly unknown[]): TokenSource {
  const [first, second] = given;
  const sources = (Array.isArray(first) ? first : given) as readonly TokenSource[];
  const options = Array.isArray(first) ? (second as FirstOfOptions | undefined) : undefined;
  const { onFailure = 'stop' } = readOptions('firstOf', options, SHAPE);
  assertSources(sources);
  const proof = commonProof(sources);
  const keys = sources.map(({ identity, storeKey }) => identity?.parameters ?? storeKey);
  const names = keys.map((key, index) => key ?? `#${index}`);

  const presents = sources.some((source) => source.presents === true);
  const keep = (sources as readonly Partial<Keeper>[]).find((source) => source[KEEP] !== undefined)?.[KEEP];

  async function requestToken(request: TokenRequest): Promise<Token> {
    const outcomes: Outcome[] = [];
    for (const [index, source] of sources.entries()) {
      try {
        const own = requestFor(names[index], request);
        const { previous, present } = own;
        // A link that announces nothing counts as having sent the token, as in the cache.
        if (source.presents !== true && previous?.refreshToken !== undefined) await present?.(previous.refreshToken);
        return linked(await source.requestToken(own), names[index], previous, request.previous);
      } catch (error) {
        request.signal.throwIfAborted();
        outcomes.push({ link: index, error });
        if (onFailure === 'stop' && !isUnavailable(error)) break;
      }
    }
    throw failureOf(outcomes);
  }

  return {
    requestToken,
    deadlineMs: sources.reduce((sum, { deadlineMs = DEADLINE_MS }) => sum + deadlineMs, 0),
    presents,
    ...(keep !== undefined && { [KEEP]: keep }),
    interactive: sources.some(({ interactive }) => interactive === true),
    ...(proof !== undefined && { proof }),
    ...(keys.every((key) => key !== undefined) && { identity: identityOf(sources, keys) }),
  };
}

/** The chain's tokens are those of all who are in it. */
function identityOf(sources: readonly TokenSource[], keys: readonly string[]): SourceIdentity {
  return {
    parameters: JSON.stringify(['firstOf', ...keys]),
    proofs: async () => (await Promise.all(sources.map(async ({ identity }) => identity?.proofs?.() ?? []))).flat(),
  };
}

function assertSources(sources: readonly TokenSource[]): void {
  if (sources.length === 0 || sources.some((source) => typeof source?.requestToken !== 'function')) {
    throw new ConfigurationError('firstOf takes one or more token sources, such as clientCredentials({ … }).');
  }
}

/** Tokens of all links are sent in one way: bound to one key, or to none. */
function commonProof(sources: readonly TokenSource[]): ProofOfPossession | undefined {
  const proof = sources[0]?.proof;
  if (sources.every((source) => source.proof === proof)) return proof;
  throw new ConfigurationError(
    "The links of a chain bind tokens to different keys, or some to none: give all of them one Dpop in option 'dpop'.",
    { option: 'dpop' },
  );
}

function requestFor(link: string | undefined, { previous, ...request }: TokenRequest): TokenRequest {
  if (previous === undefined || (previous as LinkedToken).link !== link) return request;
  const { link: _link, foreign = [], ...token } = previous as LinkedToken;
  const own = Object.fromEntries(Object.entries(token).filter(([name]) => !foreign.includes(name as Kept)));
  return { ...request, previous: own as unknown as Token };
}

function linked(token: Token, link: string | undefined, own: Token | undefined, previous: Token | undefined): Token {
  const foreign = KEPT.filter((name) => !token[name] && previous?.[name] !== undefined && own?.[name] === undefined);
  return { ...token, link, ...(foreign.length > 0 && { foreign }) } as LinkedToken;
}

/** Something is missing here, and no server was asked. */
function isUnavailable(error: unknown): boolean {
  if (!isAuthError(error)) return false;
  if (error.code === 'ERR_AUTH_CONFIGURATION' || error.code === 'ERR_AUTH_LOGIN_REQUIRED') return true;
  return error.code === 'ERR_AUTH_CREDENTIAL' && (!isAuthError(error.cause) || isUnavailable(error.cause));
}

/** The last link's error where it is the only one; else one that lists them all, and has it as its cause. */
function failureOf(outcomes: readonly Outcome[]): unknown {
  const last = outcomes.at(-1)?.error;
  if (outcomes.length === 1) return last;
  const reasons = outcomes.map(({ link, error }) => `${link + 1}. ${verdict(error)}: ${reason(error)}`);
  const message = `No link of the chain gave a token. ${reasons.join(' ')}`;
  const login = outcomes.every(({ error }) => isUnavailable(error)) && outcomes.some(({ error }) => needsLogin(error));
  return login ? new LoginRequiredError(message, { cause: last }) : new CredentialError(message, { cause: last });
}

function verdict(error: unknown): string {
  return isUnavailable(error) ? 'unavailable' : 'failed';
}

/** Messages of errors that are not ours may hold anything. */
function reason(error: unknown): string {
  return isAuthError(error)
    ? (error as AuthError).message
    : 'an error that is not of authwire; the cause may say more.';
}

function needsLogin(error: unknown): boolean {
  return isAuthError(error) && error.code === 'ERR_AUTH_LOGIN_REQUIRED';
}
