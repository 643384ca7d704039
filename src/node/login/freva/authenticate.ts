import { ConfigurationError, isAuthError, LoginRequiredError, type TokenEndpointError } from '../../../errors.ts';
import { refreshToken } from '../../../oauth/grants/refresh-token.ts';
import { flag, func, milliseconds, readOptions, type Shape, text, texts } from '../../../options.ts';
import type { Token } from '../../../tokens/token.ts';
import { BROWSER_LOGIN, type BrowserLoginOptions } from '../browser-options.ts';
import { DEVICE_LOGIN, type DeviceLoginOptions } from '../device-options.ts';
import { personSource } from '../person-source.ts';
import { FrevaEndpoints, NoSuchEndpoint } from './endpoints.ts';
import { normalHost } from './host.ts';
import { frevaSignIn } from './sign-in.ts';
import { isRefreshable, isUsable, type TokenJson, tokenJson } from './token-json.ts';
import { TokenPlace } from './token-place.ts';

/** Options of {@link authenticate}. */
export interface AuthenticateOptions extends Omit<BrowserLoginOptions, 'timeoutMs'>, DeviceLoginOptions {
  /** A file with a token as JSON, such as `~/.mytoken.json`. Default: a file of authwire's own for `host`. */
  readonly tokenFile?: string;
  /**
   * The server, as a host name or a URL. Required unless `tokenFile` holds a token that is still valid. Default: none.
   */
  readonly host?: string;
  /** `true`: signs in even if there is a valid token. Default: `false`. */
  readonly force?: boolean;
  /** How long a person may take, in milliseconds; `0`: no limit. Default: 30,000. */
  readonly timeoutMs?: number;
  /** The client id, where `host` is the issuer of an authorization server and not a freva server. Default: none. */
  readonly clientId?: string;
  /** The scope to request from an authorization server. Default: `openid offline_access`. */
  readonly scope?: string | readonly string[];
  /** Ends everything but a refresh under way, whose answer is kept first: the old refresh token may be used up. Default: none. */
  readonly signal?: AbortSignal;
  /** Sends requests. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const SHAPE: Shape<AuthenticateOptions> = {
  ...BROWSER_LOGIN,
  ...DEVICE_LOGIN,
  tokenFile: text,
  host: text,
  force: flag,
  timeoutMs: milliseconds,
  clientId: text,
  scope: texts,
  signal: { wanted: 'an AbortSignal', test: (value) => typeof (value as AbortSignal)?.aborted === 'boolean' },
  fetch: func,
  now: func,
};
const TIMEOUT_MS = 30_000;
/** How long a refresh may take. */
const REFRESH_MS = 30_000;

/** What one call works with. */
interface Work {
  readonly options: AuthenticateOptions;
  readonly host: string | undefined;
  readonly place: TokenPlace;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * A token that is good now, as freva's `authenticate` gives it: the one in the file while that lasts at least another
 * minute, else a new one for the refresh token, else one that a person signs in for. New tokens are written to the file.
 *
 * `host` is a freva server; where it has none of freva's endpoints, it is the issuer of an authorization server, which is
 * discovered.
 *
 * @example
 * const { headers } = await authenticate({ host: 'www.freva.example' });
 * const response = await fetch('https://www.freva.example/api/data', { headers });
 * @throws {@link LoginRequiredError} where somebody has to sign in and nobody can, such as in batch jobs;
 * {@link TokenEndpointError} where the server refused or could not be reached; {@link StoreError} for a file that cannot be
 * read or written; {@link ConfigurationError} naming the option that is wrong.
 */
export async function authenticate(options: AuthenticateOptions = {}): Promise<TokenJson> {
  const given = readOptions('authenticate', options, SHAPE);
  const host = given.host === undefined ? undefined : normalHost(given.host);
  if (host === undefined && given.tokenFile === undefined) {
    throw new ConfigurationError("authenticate: option 'host' is missing, or option 'tokenFile' with a valid token.", {
      option: 'host',
    });
  }
  const place = new TokenPlace(given.tokenFile, host);
  const never = new AbortController().signal;
  const work = { options: given, host, place, now: given.now ?? Date.now, signal: given.signal ?? never };
  const found = given.force === true ? undefined : await place.read();
  if (found !== undefined && isUsable(found, work.now())) return found;
  const lock = await place.lock(given.signal);
  try {
    return await underLock(work);
  } finally {
    await lock.release();
  }
}

/** Another process may have been faster. */
async function underLock(work: Work): Promise<TokenJson> {
  const { options, place, now } = work;
  const found = await place.read();
  if (options.force !== true && found !== undefined && isUsable(found, now())) return found;
  const server = serverOf(work);
  await place.assertWritable();
  work.signal.throwIfAborted();
  const isGood = options.force !== true && found !== undefined && isRefreshable(found, now());
  const token = (isGood ? await refresh(server, found) : undefined) ?? (await signIn(server, work));
  await place.write(token);
  work.signal.throwIfAborted();
  return token;
}

/** What a server can do for a token. */
interface Server {
  refresh(token: TokenJson): Promise<TokenJson>;
  signIn(signal: AbortSignal): Promise<TokenJson>;
}

/** `undefined`: the server has finally refused the refresh token. A network failure loses no login. */
async function refresh(server: Server, token: TokenJson): Promise<TokenJson | undefined> {
  try {
    return await server.refresh(token);
  } catch (error) {
    const { status = 0 } = error as TokenEndpointError;
    const isRefused = isAuthError(error) && status >= 400 && status < 500 && status !== 408 && status !== 429;
    if (isRefused || (isAuthError(error) && error.code === 'ERR_AUTH_LOGIN_REQUIRED')) return undefined;
    throw error;
  }
}

async function signIn(server: Server, { options, signal }: Work): Promise<TokenJson> {
  const { timeoutMs = TIMEOUT_MS } = options;
  const late = new AbortController();
  const reason = () => new LoginRequiredError(`no one signed in within ${Math.round(timeoutMs / 1000)} s.`);
  const timer = timeoutMs === 0 ? undefined : setTimeout(() => late.abort(reason()), timeoutMs);
  try {
    return await server.signIn(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** freva's endpoints first, then discovery. */
function serverOf(work: Work): Server {
  const { host, options, now } = work;
  if (host === undefined) {
    throw new LoginRequiredError("the token in the file has expired: give option 'host' to get a new one.");
  }
  const freva = new FrevaEndpoints(host, options.fetch ?? fetch, now);
  const orIssuer = async (ask: () => Promise<TokenJson>, discovered: () => Promise<TokenJson>) => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NoSuchEndpoint) || options.clientId === undefined) throw error;
      return discovered();
    }
  };
  const login = { ...options, timeoutMs: 0, host };
  return {
    refresh: (token) =>
      orIssuer(
        () => freva.refresh(token.refresh_token, AbortSignal.timeout(REFRESH_MS)),
        () => atIssuer(work, host, AbortSignal.timeout(REFRESH_MS), token),
      ),
    signIn: (until) =>
      orIssuer(
        () => frevaSignIn(freva, login, until),
        () => atIssuer(work, host, until),
      ),
  };
}

/** @param former - Only refreshed: nobody is asked to sign in. */
async function atIssuer(
  { options, now }: Work,
  issuer: string,
  signal: AbortSignal,
  former?: TokenJson,
): Promise<TokenJson> {
  const { clientId = '', scope = 'openid offline_access' } = options;
  const grant = { issuer, clientId, scope, ...(options.fetch && { fetch: options.fetch }), now };
  const login = { ...options, timeoutMs: 0 };
  if (former === undefined)
    return asJson(
      await personSource(grant, login, options.preferBrowser === false ? 'always' : 'first').requestToken({ signal }),
      now(),
    );
  const source = refreshToken({ ...grant, refreshToken: former.refresh_token });
  return asJson(await source.requestToken({ signal }), now(), former);
}

function asJson(token: Token, now: number, former?: TokenJson): TokenJson {
  const json = tokenJson(token, Math.floor(now / 1000));
  if (json === undefined) throw new LoginRequiredError('the authorization server gave no token.');
  const { refresh_token: kept = '', refresh_expires: end = 0 } = former ?? {};
  return json.refresh_token === '' ? { ...json, refresh_token: kept, refresh_expires: end } : json;
}
