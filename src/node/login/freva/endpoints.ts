/**
 * The endpoints of a freva server, which stand before an authorization server and speak a dialect of OAuth.
 */

import { TokenEndpointError } from '../../../errors.ts';
import { printable } from '../../../secrets/printable.ts';
import { type TokenJson, tokenJson } from './token-json.ts';

/** Below a server that shares its host with others, and below one that has it to itself. */
const BASES = ['', '/api/freva-nextgen'];
const DEADLINE_MS = 30_000;

/** The server has no such endpoint: it is no freva server, or an older one. */
export class NoSuchEndpoint extends TokenEndpointError {}

/** Makes requests of one freva server. */
export class FrevaEndpoints {
  readonly #host: string;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;
  #base: string | undefined;

  constructor(host: string, fetchWith: typeof fetch, now: () => number) {
    this.#host = host;
    this.#fetch = fetchWith;
    this.#now = now;
  }

  /** freva writes the names with hyphens. */
  async refresh(refreshToken: string, signal: AbortSignal): Promise<TokenJson> {
    const token = await this.token({ 'refresh-token': refreshToken }, signal);
    return token.refresh_token === '' ? { ...token, refresh_token: refreshToken } : token;
  }

  async token(form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<TokenJson> {
    const { body, status } = await this.call('/auth/v2/token', { form }, signal);
    const token = tokenJson(body, Math.floor(this.#now() / 1000));
    if (token !== undefined && token.access_token !== '') return token;
    throw new TokenEndpointError(`${this.#host} gave no token.`, { kind: 'malformed', status });
  }

  /** @returns The body of a successful answer. @throws {@link TokenEndpointError} for every other one. */
  async call(path: string, { form }: { readonly form?: Readonly<Record<string, string>> }, signal: AbortSignal) {
    let failure: unknown;
    for (const base of this.#base === undefined ? BASES : [this.#base]) {
      try {
        const answer = await this.#send(`${this.#host}${base}${path}`, form, signal);
        this.#base = base;
        return answer;
      } catch (error) {
        failure ??= error;
        if (!(error instanceof NoSuchEndpoint)) throw error;
      }
    }
    throw failure;
  }

  async #send(url: string, form: Readonly<Record<string, string>> | undefined, signal: AbortSignal) {
    const response = await this.#ask(url, form, signal);
    const text = await response.text();
    const { status } = response;
    const body = parse(text);
    if (response.ok && body !== undefined) return { body, status };
    const said = reasonOf(body, text);
    const error = typeof body?.error === 'string' ? { error: printable(body.error) } : {};
    if (error.error === undefined && isMissing(response, body)) {
      throw new NoSuchEndpoint(`${url} is no endpoint of freva.`, { kind: 'http-status', status });
    }
    throw new TokenEndpointError(`${url} answered ${status}${said}.`, { kind: 'http-status', status, ...error });
  }

  async #ask(url: string, form: Readonly<Record<string, string>> | undefined, signal: AbortSignal): Promise<Response> {
    const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      const headers = { accept: 'application/json' };
      return await this.#fetch(url, { ...init, headers, redirect: 'manual', signal: limit });
    } catch (cause) {
      signal.throwIfAborted();
      throw new TokenEndpointError(`${new URL(url).host} could not be reached.`, { kind: 'network', cause });
    }
  }

  /** Where the login page is, with the `state` that the server has made up. */
  async loginUrl(redirectUri: string, signal: AbortSignal): Promise<URL> {
    const query = new URLSearchParams({ redirect_uri: redirectUri, offline_access: 'true', prompt: 'consent' });
    const url = `${this.#host}${this.#base ?? ''}/auth/v2/login?${query}`;
    const response = await this.#ask(url, undefined, signal);
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (location !== null && URL.canParse(location, url)) return new URL(location, url);
    throw new NoSuchEndpoint(`${this.#host} has no login page.`, { kind: 'http-status', status: response.status });
  }
}

/** Another kind of server: it has no such page, sends people to a login page, or guards what it does not know. */
function isMissing({ ok, status }: Response, body: Record<string, unknown> | undefined): boolean {
  if (ok) return body === undefined;
  if (status === 401 || status === 403) return body?.detail === undefined;
  return status === 404 || status === 405 || (status >= 300 && status < 400);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(body: Record<string, unknown> | undefined, text: string): string {
  const said = body?.error_description ?? body?.detail ?? body?.error ?? body?.message;
  const shown = typeof said === 'string' ? said : body === undefined ? text.slice(0, 300) : '';
  return shown === '' ? '' : `: ${printable(shown)}`;
}
