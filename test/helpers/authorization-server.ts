/**
 * A real OAuth 2.0 and OpenID Connect server (oidc-provider) inside this process, with a small resource server beside
 * it. Tests and the demo stand on it. It knows nothing of a test runner.
 */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, importJWK, type JWK, jwtVerify } from 'jose';
import type { Adapter, Provider as OidcProvider } from 'oidc-provider';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { builtInClients } from './authorization-server/clients.ts';
import { configuration, type Foundation } from './authorization-server/configuration.ts';
import { registerGrants } from './authorization-server/grants.ts';
import { consent, loginPage, page } from './authorization-server/interaction.ts';
import { publicPart, signingKey } from './authorization-server/keys.ts';
import { Provider, quietly } from './authorization-server/quiet.ts';
import { resourceServer, type VerifiedToken } from './authorization-server/resource.ts';
import {
  type AuthorizationServerOptions,
  type AuthorizationServerSettings,
  defaultSettings,
} from './authorization-server/settings.ts';
import { Traffic } from './authorization-server/traffic.ts';

export {
  clientSecrets,
  DEVICE_CODE,
  JWT_BEARER,
  nativeClient,
  TOKEN_EXCHANGE,
} from './authorization-server/clients.ts';
export { TRUSTED_ISSUER } from './authorization-server/grants.ts';
export type { VerifiedToken } from './authorization-server/resource.ts';
export type { AuthorizationServerOptions, AuthorizationServerSettings } from './authorization-server/settings.ts';
export type { Traffic } from './authorization-server/traffic.ts';

/** What oidc-provider keeps under one id. */
type StoredKind = 'AccessToken' | 'ClientCredentials' | 'RefreshToken' | 'AuthorizationCode' | 'DeviceCode';

/** Starts an {@link AuthorizationServer}. Clients: `basic`, `post`, `csjwt`, `pkjwt`, `dpop`, `web`, `spa`, `par`, `device`. */
export async function startAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  const { port = 0, host = '127.0.0.1', clients = [], ...settings } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  const [ownKey, clientKey, bearerKey] = [await signingKey(), await signingKey(), await signingKey()];
  const foundation = {
    settings: { ...defaultSettings(), ...settings },
    clients: [...builtInClients(issuer, clientKey), ...clients],
    adapter: createMemoryAdapter(0),
    signingKey: ownKey,
    resourceBase: `${issuer}/api`,
  };
  return new AuthorizationServer(server, issuer, foundation, { clientKey, bearerKey });
}

export class AuthorizationServer {
  readonly issuer: string;
  /** The resource server: `${resource}/me`, `${resource}/admin`; also the resource indicator of JWT access tokens. */
  readonly resource: string;
  /** The private key of the client `pkjwt`. */
  readonly clientKey: JWK;
  /** The private key of the issuer that the JWT bearer grant trusts. */
  readonly bearerKey: JWK;
  readonly settings: AuthorizationServerSettings;
  readonly traffic: Traffic;
  readonly #server: Server;
  readonly #foundation: Foundation;
  readonly #deniedTokens = new Set<unknown>();
  #nonceSecret = randomBytes(32);
  /** The newest first. */
  #resourceNonces = [newNonce(), newNonce()];
  #provider: OidcProvider;

  constructor(
    server: Server,
    issuer: string,
    foundation: Foundation,
    keys: { readonly clientKey: JWK; readonly bearerKey: JWK },
  ) {
    this.#server = server;
    this.issuer = issuer;
    this.resource = foundation.resourceBase;
    this.#foundation = foundation;
    this.settings = foundation.settings;
    this.clientKey = keys.clientKey;
    this.bearerKey = keys.bearerKey;
    this.traffic = new Traffic(this.settings);
    this.#provider = this.#build();
    this.#route();
  }

  get provider(): OidcProvider {
    return this.#provider;
  }

  get tokenEndpoint(): string {
    return `${this.issuer}/token`;
  }

  /** The resource server's view of a token: opaque (of a user or a client) or JWT. */
  async verify(token: string): Promise<VerifiedToken | undefined> {
    const { AccessToken, ClientCredentials } = this.#provider;
    const ofUser = await AccessToken.find(token);
    if (ofUser) return { sub: ofUser.accountId, scope: ofUser.scope ?? '', jkt: ofUser.jkt, kind: 'opaque' };
    const ofClient = await ClientCredentials.find(token);
    if (ofClient)
      return { sub: String(ofClient.clientId), scope: ofClient.scope ?? '', jkt: ofClient.jkt, kind: 'opaque' };
    return this.#verifyJwt(token);
  }

  /** Kills one access token and nothing else: its refresh token and grant live on, the next API call is a 401. */
  async revoke(token: string): Promise<void> {
    const { AccessToken, ClientCredentials } = this.#provider;
    const options = { ignoreExpiration: true };
    const found = (await AccessToken.find(token, options)) ?? (await ClientCredentials.find(token, options));
    if (found) await found.destroy();
    else this.#deniedTokens.add(decodeJwt(token).jti);
  }

  async revokeRefreshToken(token: string): Promise<void> {
    await (await this.#provider.RefreshToken.find(token))?.destroy();
  }

  /** Back-dates something that the server keeps, so that nobody has to wait. A device code goes by its user code. */
  async expire(kind: StoredKind, id: string): Promise<void> {
    const { adapter } = this.#provider[kind] as unknown as { readonly adapter: Adapter };
    const stored = await (kind === 'DeviceCode' ? adapter.findByUserCode(plainUserCode(id)) : adapter.find(id));
    // The memory adapter hands out the stored object itself.
    if (stored) Object.assign(stored, { exp: 1 });
  }

  /** What the user does on the other screen (RFC 8628 §3.3). */
  async approveDevice(userCode: string, accountId = 'alice'): Promise<void> {
    const code = await this.#deviceCode(userCode);
    const { clientId, params } = code;
    const grantId = await consent(this.#provider, accountId, String(clientId), params ?? {});
    const { scope = 'openid', resource } = params ?? {};
    const authTime = Math.floor(Date.now() / 1000);
    await Object.assign(code, { accountId, grantId, scope, resource, authTime }).save();
  }

  async denyDevice(userCode: string): Promise<void> {
    const code = await this.#deviceCode(userCode);
    await Object.assign(code, { error: 'access_denied', errorDescription: 'no' }).save();
  }

  /** From now on a DPoP proof needs a new nonce at the token endpoint and at the resource. Tokens survive. */
  rotateNonces(): void {
    this.rotateResourceNonce();
    this.#nonceSecret = randomBytes(32);
    // The nonces derive from this secret only, and live for minutes: a new provider takes over behind the same port.
    this.#provider = this.#build();
  }

  /** From now on a DPoP proof needs a new nonce at the resource. */
  rotateResourceNonce(): void {
    this.#resourceNonces = [newNonce(), ...this.#resourceNonces.slice(0, 1)];
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #build(): OidcProvider {
    const provider = quietly(() => new Provider(this.issuer, configuration(this.#foundation, this.#nonceSecret)));
    registerGrants(provider, {
      settings: this.settings,
      bearerKey: this.bearerKey,
      verify: (token) => this.verify(token),
    });
    provider.use(this.traffic.middleware as never);
    return provider;
  }

  #route(): void {
    const login = loginPage(() => this.#provider, this.settings);
    const resource = resourceServer({
      issuer: this.issuer,
      requests: this.traffic.requests,
      verify: (token) => this.verify(token),
      nonces: () => this.#nonces(),
      challenge: (path, accessToken) => this.settings.challenge?.(path, accessToken),
    });
    this.#server.on('request', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', this.issuer);
      if (pathname.startsWith('/interaction/')) answer(login(request, response), response);
      else if (pathname.startsWith('/.well-known/oauth-protected-resource')) this.#describeResource(response);
      else if (pathname.startsWith('/api')) answer(resource(request, response), response);
      else if (pathname === '/cb') signedIn(request, response);
      else void this.#provider.callback()(request, response);
    });
  }

  /** RFC 9728 §3. */
  #describeResource(response: ServerResponse): void {
    const metadata = {
      resource: this.resource,
      authorization_servers: [this.issuer],
      scopes_supported: ['read', 'write'],
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
  }

  #nonces(): readonly string[] {
    const { dpopNonceAtResource, dpopNonceOverlap } = this.settings;
    return dpopNonceAtResource ? this.#resourceNonces.slice(0, dpopNonceOverlap ? 2 : 1) : [];
  }

  async #verifyJwt(token: string): Promise<VerifiedToken | undefined> {
    try {
      const key = await importJWK(publicPart(this.#foundation.signingKey), 'ES256');
      const { payload } = await jwtVerify(token, key, { issuer: this.issuer, typ: 'at+jwt' });
      if (this.#deniedTokens.has(payload.jti)) return undefined;
      const { sub, scope = '', cnf, aud, act } = payload as typeof payload & { scope?: string; cnf?: { jkt?: string } };
      return { sub: String(sub), scope, jkt: cnf?.jkt, aud, act, kind: 'jwt' };
    } catch {
      return undefined;
    }
  }

  async #deviceCode(userCode: string) {
    const code = await this.#provider.DeviceCode.findByUserCode(plainUserCode(userCode));
    if (code === undefined) throw new Error(`There is no device code for the user code ${userCode}`);
    return code;
  }
}

function newNonce(): string {
  return randomBytes(9).toString('base64url');
}

function plainUserCode(userCode: string): string {
  return userCode.toUpperCase().replace(/\W/g, '');
}

function signedIn(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end(page('Signed in', 'You can close this window.'));
}

/** A bug in the server shows in the answer instead of hanging the test. */
function answer(work: Promise<void>, response: ServerResponse): void {
  work.catch((error: unknown) => {
    if (!response.headersSent) response.writeHead(500);
    response.end(String(error));
  });
}
