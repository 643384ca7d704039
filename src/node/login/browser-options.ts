import { either, flag, func, joinOptions, type Kind, milliseconds, object, type Shape, text } from '../../options.ts';
import type { PageOptions } from './callback/pages.ts';
import type { OpenBrowser } from './open-browser.ts';
import type { Terminal } from './terminal.ts';

/** The link that a person opens to sign in, where this program opens no browser. */
export interface LoginLink {
  /** The URL of the sign-in page. It works once, and for this program only. */
  readonly url: URL;
  /** When it expires, in milliseconds since the epoch; absent where the server does not say. */
  readonly expiresAt?: number;
}

/** How a person signs in with a browser. */
export interface BrowserLoginOptions extends PageOptions {
  /**
   * The redirect URI as registered. On this machine (`http://127.0.0.1/…`, `http://localhost/…`) without a port, any
   * free port is used. For a URI elsewhere, the person pastes the address of the last page. Default:
   * `http://127.0.0.1:PORT/callback`.
   */
  readonly redirectUri?: string;
  /** The registered ports, tried in this order. Default: the port in `redirectUri`, else any free one. */
  readonly ports?: readonly number[];
  /**
   * `false` opens no browser, `true` always opens one, a function opens it itself. Default: opens one where this
   * machine seems to have one.
   */
  readonly openBrowser?: boolean | OpenBrowser;
  /** Shows the link instead of the terminal. Errors that it throws fail the sign-in. Default: the terminal shows it. */
  readonly onLink?: (link: LoginLink) => void | Promise<void>;
  /**
   * Where to print, and where to read pasted addresses; `false`: nowhere. Default: standard error and standard input.
   */
  readonly terminal?: Terminal | false;
  /** How long a person may take, in milliseconds; `0`: no limit. Default: 120,000. */
  readonly timeoutMs?: number;
}

const PORTS: Kind = { wanted: 'a list of port numbers', test: Array.isArray };

export const BROWSER_LOGIN: Shape<BrowserLoginOptions> = {
  redirectUri: text,
  ports: PORTS,
  openBrowser: either(flag, func),
  onLink: func,
  terminal: either({ wanted: 'false', test: (value) => value === false }, object),
  timeoutMs: milliseconds,
  successHtml: text,
  failureHtml: text,
};

/** Leaves out what is for somebody else. */
export function without<Options extends object>(options: Options, names: object): Options {
  const others = Object.entries(options).filter(([name]) => !Object.hasOwn(names, name));
  return joinOptions({}, Object.fromEntries(others)) as Options;
}
