import {
  AuthenticationError,
  type ConfigurationError,
  isAuthError,
  LoginRequiredError,
  type TokenEndpointError,
} from '../../errors.ts';
import type { DevicePrompt } from '../../oauth/device-code.ts';
import { type DeviceAuthorizationOptions, deviceAuthorization } from '../../oauth/grants/device-authorization.ts';
import type { OAuthSource } from '../../oauth/oauth-source.ts';
import type { BrowserLoginOptions } from './browser-options.ts';
import type { CodeLoginOptions } from './device-options.ts';
import { countDown, deviceText } from './device-text.ts';
import { situation, surroundings } from './environment.ts';
import { processTerminal, type Terminal } from './terminal.ts';

type Options = Omit<DeviceAuthorizationOptions, 'show' | 'deadlineMs'>;

/** The device authorization grant, shown to a person at a terminal. */
export function deviceSource(
  options: Options,
  login: CodeLoginOptions & Pick<BrowserLoginOptions, 'terminal' | 'timeoutMs'>,
  prepare: () => Promise<void>,
): OAuthSource {
  const { timeoutMs } = login;
  const hosts = hostsOf(options);
  return deviceAuthorization({
    ...(options as DeviceAuthorizationOptions),
    ...(timeoutMs !== undefined && timeoutMs > 0 && { deadlineMs: timeoutMs }),
    async show(prompt) {
      assertHost(prompt, [...hosts, ...(login.verificationHosts ?? [])]);
      await prepare();
      await showDevice(prompt, { clientId: options.clientId, server: hosts[0] as string }, login);
    },
  });
}

/** Shows a code on the terminal, or as the program likes. @throws {@link LoginRequiredError} where nobody would see it. */
export async function showDevice(
  prompt: DevicePrompt & { readonly signal: AbortSignal },
  own: { readonly clientId: string; readonly server: string },
  login: CodeLoginOptions & Pick<BrowserLoginOptions, 'terminal'>,
): Promise<void> {
  if (login.onCode !== undefined) return login.onCode(prompt);
  const terminal = terminalFor(login.terminal);
  terminal.write(deviceText(prompt, own, terminal, Date.now()));
  countDown(prompt.expiresAt, terminal, prompt.signal);
}

/** Would somebody see a code? */
export function canShowCode({ terminal, onCode }: CodeLoginOptions & Pick<BrowserLoginOptions, 'terminal'>): boolean {
  return onCode !== undefined || readerOf(terminal).isThere;
}

function readerOf(given: Terminal | false | undefined) {
  const terminal = given === false ? undefined : (given ?? processTerminal());
  const { person, reason } = situation(surroundings(terminal?.isInteractive === true));
  return { terminal, reason, isThere: terminal !== undefined && (person === 'terminal' || person === 'agent') };
}

/** @throws {@link LoginRequiredError} where nobody would see the code. */
function terminalFor(given: Terminal | false | undefined): Terminal {
  const { terminal, reason, isThere } = readerOf(given);
  if (terminal !== undefined && isThere) return terminal;
  throw new LoginRequiredError(
    `a person has to sign in with a code, and no one can see it here (${reason}): run this in a terminal, or show ` +
      "it with option 'onCode'.",
  );
}

function hostsOf(options: Options): string[] {
  const urls = [options.issuer, options.deviceAuthorizationEndpoint, options.tokenEndpoint];
  return urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).host] : []));
}

/** A server that was taken over, or a response that was changed, sends people wherever it likes. */
function assertHost(
  { verificationUri, verificationUriComplete = verificationUri }: DevicePrompt,
  hosts: string[],
): void {
  for (const uri of [verificationUri, verificationUriComplete]) {
    const { host, hostname } = new URL(uri);
    const isKnown = hosts.some((one) => host === one || hostname === one || hostname.endsWith(`.${one}`));
    if (isKnown) continue;
    throw new AuthenticationError(
      `The authorization server sends people to ${host}, which is not one of its own hosts (${hosts.join(', ')}). ` +
        `If that is right: verificationHosts: ['${hostname}']`,
    );
  }
}

/** The server has no device authorization, or not now: a browser may do. */
export function isWithoutDevices(error: unknown): boolean {
  if (!isAuthError(error)) return false;
  if (error.code === 'ERR_AUTH_CONFIGURATION') {
    return (error as ConfigurationError).option === 'deviceAuthorizationEndpoint';
  }
  const { status } = error as TokenEndpointError;
  return error.code === 'ERR_AUTH_TOKEN_ENDPOINT' && (status === 503 || status === 404 || status === 405);
}

/** Is there no browser that comes back here and nobody who could paste an address, but a program that passes a code on? */
export function isOutOfReach({ terminal, openBrowser, onLink }: BrowserLoginOptions): boolean {
  if (typeof openBrowser === 'function' || onLink !== undefined || terminal === false) return false;
  const { isInteractive } = terminal ?? processTerminal();
  const { person, reach } = situation(surroundings(isInteractive), openBrowser);
  return !isInteractive && person === 'agent' && reach === 'none';
}

/** Does a browser of this machine come back here? */
export function hasBrowser({ terminal, openBrowser }: Pick<BrowserLoginOptions, 'terminal' | 'openBrowser'>): boolean {
  const isInteractive = terminal === false ? false : (terminal ?? processTerminal()).isInteractive;
  const wanted = typeof openBrowser === 'function' ? true : openBrowser;
  const { browser, reach, person } = situation(surroundings(isInteractive), wanted);
  return person !== 'nobody' && browser !== 'none' && (reach === 'direct' || reach === 'forwarded');
}
