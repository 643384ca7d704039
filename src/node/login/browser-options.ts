import { either, flag, func, joinOptions, type Kind, milliseconds, object, type Shape, text } from '../../options.ts';
import type { PageOptions } from './callback/pages.ts';
import type { OpenBrowser } from './open-browser.ts';
import type { Terminal } from './terminal.ts';

/** What somebody must be shown who signs in where this program opens no browser. */
export interface LoginLink {
  /** The address of the login page. It is good once, and only for this program. */
  readonly url: URL;
  /** When it ends, in milliseconds since the epoch, where the server says so. */
  readonly expiresAt?: number;
}

/** How a person signs in with a browser. */
export interface BrowserLoginOptions extends PageOptions {
  /**
   * Where the browser comes back, as registered. On this machine (`http://127.0.0.1/…`, `http://localhost/…`), without a
   * port any free one is used. Elsewhere, the person pastes the address of the last page. Default:
   * `http://127.0.0.1:PORT/callback`.
   */
  readonly redirectUri?: string;
  /** The registered ports, tried in this order. Default: the one in `redirectUri`, else any free one. */
  readonly ports?: readonly number[];
  /** `false` opens no browser, `true` opens one in any case, a function opens it. Default: where there seems to be one. */
  readonly openBrowser?: boolean | OpenBrowser;
  /** Shows the link, in place of the terminal. What it throws fails the login. */
  readonly onLink?: (link: LoginLink) => void | Promise<void>;
  /** Where to write and to read pasted addresses; `false`: nowhere. Default: standard error and input. */
  readonly terminal?: Terminal | false;
  /** How long a person may take, in milliseconds; 0: no limit. Default: 120,000. */
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
