import type { FieldText } from '../../../challenge/parse.ts';

/** What of a request to the proxy a credential may depend on. */
export interface ProxyRequest {
  readonly method: string;
  /** The request target as it is sent: `host:port` for CONNECT, else an absolute URL. */
  readonly uri: string;
  /** The bytes of the body, empty where there is none; `undefined` where nobody can know them before. */
  readonly body?: Uint8Array | undefined;
}

/** One request to a proxy and its repeats. */
export interface ProxyExchange {
  /** The value of `Proxy-Authorization` for the next try; `undefined`: to be sent without. */
  authorize(request: ProxyRequest): Promise<string | undefined>;
  /** Takes the `Proxy-Authenticate` of a 407. Is there another credential to try? */
  refused(challenges: FieldText): Promise<boolean>;
  /** Takes the `Proxy-Authentication-Info` of every other answer. */
  accepted(info: FieldText): void;
}

/** How we prove to a proxy who we are. Nothing of it knows the origin, or is known there. */
export interface ProxyLogin {
  /** May a 407 ask for something that no request can know before? Then only what can be repeated may be sent. */
  readonly mayBeChallenged: boolean;
  begin(): ProxyExchange;
}

/** For proxies that let everybody through. */
export const noLogin: ProxyLogin = {
  mayBeChallenged: false,
  begin: () => ({ authorize: async () => undefined, refused: async () => false, accepted: () => undefined }),
};
