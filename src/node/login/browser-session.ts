import { isAuthError, LoginRequiredError } from '../../errors.ts';
import type { AGAIN, AuthorizeRequest, LoginSession } from '../../oauth/grants/authorization-code.ts';
import type { BrowserLoginOptions } from './browser-options.ts';
import { CallbackListener } from './callback/listener.ts';
import { failurePage, successPage } from './callback/pages.ts';
import { callbackPlace } from './callback/ports.ts';
import { type Situation, situation, surroundings } from './environment.ts';
import { browserOpener, type OpenBrowser } from './open-browser.ts';
import { pastedAnswer } from './pasted.ts';
import { linkText } from './prompt-text.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const TIMEOUT_MS = 120_000;
/** Nobody can type, nobody reads. */
const NO_TERMINAL: Terminal = {
  isInteractive: false,
  hasLinks: false,
  write: () => undefined,
  readLine: async () => undefined,
};

const withoutWay = new WeakSet<object>();

/** Did a login fail because neither a browser comes back here nor anybody can paste an address? */
export function hasNoWay(error: unknown): boolean {
  return typeof error === 'object' && error !== null && withoutWay.has(error);
}

function noWay(error: LoginRequiredError): LoginRequiredError {
  withoutWay.add(error);
  return error;
}

/** What one login has to work with. */
interface Means {
  readonly options: BrowserLoginOptions;
  readonly terminal: Terminal;
  readonly where: Situation;
  readonly open: OpenBrowser | undefined;
  readonly listener: CallbackListener | undefined;
  readonly issuer: string | undefined;
}

/**
 * One login with a browser. The listener on this machine and a pasted address race; the first good answer wins.
 *
 * @param refusal - Why the login is needed, for the error where nobody can sign in.
 * @throws {@link LoginRequiredError} saying what to do, where neither way is open.
 */
export async function openBrowserSession(
  options: BrowserLoginOptions,
  issuer: string | undefined,
  refusal: unknown,
): Promise<LoginSession> {
  const { openBrowser } = options;
  const terminal = options.terminal === false ? NO_TERMINAL : (options.terminal ?? processTerminal());
  const wanted = typeof openBrowser === 'function' ? true : openBrowser;
  const where = situation(surroundings(terminal.isInteractive), wanted);
  const open = typeof openBrowser === 'function' ? openBrowser : browserOpener(where);
  if (open === undefined && options.onLink === undefined && !isSomebodyThere(where)) throw nobody(where, refusal);
  const listener = await listen(options, terminal);
  return new BrowserSession({ options, terminal, where, open, listener, issuer });
}

function isSomebodyThere({ person }: Situation): boolean {
  return person === 'terminal' || person === 'agent';
}

/** A port that is taken is no reason to give up where an address can be pasted. */
async function listen(
  { redirectUri, ports }: BrowserLoginOptions,
  terminal: Terminal,
): Promise<CallbackListener | undefined> {
  const place = callbackPlace(redirectUri, ports);
  if (place !== undefined) {
    try {
      return await CallbackListener.open(place);
    } catch (error) {
      if (error instanceof LoginRequiredError) noWay(error);
      if (!terminal.isInteractive || redirectUri === undefined || !isAuthError(error)) throw error;
      terminal.write(`${error.message}\n`);
    }
  }
  if (terminal.isInteractive) return undefined;
  throw noWay(
    new LoginRequiredError(
      "the address of the last page has to be pasted, and there is no terminal: use a 'redirectUri' on this machine.",
    ),
  );
}

class BrowserSession implements LoginSession {
  readonly redirectUri: string;
  readonly #means: Means;
  #attempts = 0;

  constructor(means: Means) {
    this.#means = means;
    this.redirectUri = means.listener?.redirectUri ?? (means.options.redirectUri as string);
  }

  /** Where an address may have to be pasted, it must hold the code. */
  get readsForms(): boolean {
    const { listener, where } = this.#means;
    const isReached = where.reach === 'direct' || where.reach === 'forwarded';
    return listener !== undefined && isReached && this.#attempts === 0;
  }

  async authorize(request: AuthorizeRequest): Promise<URLSearchParams | typeof AGAIN> {
    this.#attempts += 1;
    const { timeoutMs = TIMEOUT_MS } = this.#means.options;
    const done = new AbortController();
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => done.abort(tooLate(timeoutMs)), timeoutMs);
    const signal = AbortSignal.any([request.signal, done.signal]);
    try {
      return await this.#race({ ...request, signal });
    } finally {
      clearTimeout(timer);
      done.abort();
    }
  }

  async settle(error?: unknown): Promise<void> {
    const { listener, options, terminal } = this.#means;
    if (error === undefined && this.#attempts > 0) terminal.write('Signed in.\n');
    const page = error === undefined ? successPage(options) : failurePage(options, reasonOf(error));
    await listener?.settle(page);
  }

  async #race(request: AuthorizeRequest): Promise<URLSearchParams | typeof AGAIN> {
    const { listener, terminal } = this.#means;
    const { url, state, responseMode, signal } = request;
    const origins = [url.origin, ...this.#issuerOrigin()];
    const answers: Promise<URLSearchParams | typeof AGAIN>[] = [aborted(signal)];
    if (listener !== undefined) answers.push(listener.expect(url, { state, responseMode, origins }));
    // Before anything is shown: what is pasted at once must not be shown by the terminal itself.
    if (terminal.isInteractive) answers.push(this.#pasted(request));
    const first = Promise.race(answers);
    // Where showing the link fails, nobody waits for an answer any more.
    first.catch(() => undefined);
    await Promise.race([first, this.#show(request)]);
    return first;
  }

  async #show({ url, expiresAt }: AuthorizeRequest): Promise<void> {
    const { listener, terminal, open, options, where } = this.#means;
    if (options.onLink !== undefined) await options.onLink({ url, ...(expiresAt !== undefined && { expiresAt }) });
    else terminal.write(linkText({ url, terminal, where, port: listener?.port, opens: open !== undefined }));
    try {
      await open?.(listener?.startUrl ?? url.href);
    } catch {
      terminal.write('No browser could be opened: open the address yourself.\n');
    }
  }

  async #pasted(request: AuthorizeRequest): Promise<URLSearchParams | typeof AGAIN> {
    const answer = await pastedAnswer(this.#means.terminal, request);
    if (answer !== undefined) return answer;
    // The listener, or the signal, goes on.
    if (this.#means.listener !== undefined) return new Promise(() => undefined);
    throw new LoginRequiredError('the input ended before an address was pasted: start the login again.');
  }

  #issuerOrigin(): string[] {
    const { issuer } = this.#means;
    return issuer !== undefined && URL.canParse(issuer) ? [new URL(issuer).origin] : [];
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function tooLate(timeoutMs: number): LoginRequiredError {
  return new LoginRequiredError(`no one signed in within ${Math.round(timeoutMs / 1000)} s: start the login again.`);
}

/** Messages of ours hold no secret. Others may. */
function reasonOf(error: unknown): string {
  return isAuthError(error) ? error.message : 'The login was stopped.';
}

function nobody({ reason }: Situation, refusal: unknown): LoginRequiredError {
  return noWay(
    new LoginRequiredError(
      `a person has to sign in, which is not possible here (${reason}): sign in once on a machine with a browser and share its store, ` +
        "run this in a terminal, or give option 'onLink' or 'openBrowser'.",
      refusal === undefined ? {} : { cause: refusal },
    ),
  );
}
