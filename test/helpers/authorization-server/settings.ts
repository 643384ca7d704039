import type { ClientMetadata, KoaContextWithOIDC } from 'oidc-provider';

/** How the server behaves. A test may change any of these while it runs. */
export interface AuthorizationServerSettings {
  /** Lifetime of an access token, in seconds as on the wire. Default 300. */
  accessTtl: number;
  /** Lifetime of a refresh token, in seconds. Default 3600. */
  refreshTtl: number;
  /** Lifetime of an authorization code, in seconds. Default 60. */
  codeTtl: number;
  /** Lifetime of a device code, in seconds. Default 600. */
  deviceTtl: number;
  /** How long a device has to wait between two polls, in seconds. Default 1. */
  deviceInterval: number;
  /** Is a refresh token replaced at each use, and its reuse punished? Default true. */
  rotate: boolean;
  /** Who is logged in without a login page; `undefined` shows the page. Default `alice`. */
  autoLogin: string | undefined;
  /** Must a DPoP proof carry the nonce of the token endpoint? Default false. */
  dpopNonceAtServer: boolean;
  /** Must a DPoP proof carry the nonce of the resource, which then comes with each of its answers? Default false. */
  dpopNonceAtResource: boolean;
  /** Is the nonce of the resource good for one more rotation, so that nobody on the way is refused? Default false. */
  dpopNonceOverlap: boolean;
  /** May refuse a good token: the `WWW-Authenticate` of a 401. */
  challenge: ((path: string, accessToken: string) => string | undefined) | undefined;
  /** Default true. */
  requirePkce: boolean;
  /** Must every authorization request be pushed (RFC 9126)? Default false. */
  requirePar: boolean;
  /** User names and passwords. */
  users: Record<string, string>;
  /** How long the token endpoint takes to answer, in milliseconds. Default 0. */
  tokenDelayMs: number;
  /** May answer a request in the server's place, by setting status and body and returning true. */
  fault: ((context: KoaContextWithOIDC) => boolean | Promise<boolean>) | undefined;
}

export interface AuthorizationServerOptions extends Partial<AuthorizationServerSettings> {
  /** Default: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Clients beside the built-in ones. */
  readonly clients?: readonly ClientMetadata[];
}

/** What a server does that nobody has told anything else. */
export function defaultSettings(): AuthorizationServerSettings {
  return {
    accessTtl: 300,
    refreshTtl: 3600,
    codeTtl: 60,
    deviceTtl: 600,
    deviceInterval: 1,
    rotate: true,
    autoLogin: 'alice',
    dpopNonceAtServer: false,
    dpopNonceAtResource: false,
    dpopNonceOverlap: false,
    challenge: undefined,
    requirePkce: true,
    requirePar: false,
    users: { alice: 'wonderland', bob: 'builder' },
    tokenDelayMs: 0,
    fault: undefined,
  };
}
