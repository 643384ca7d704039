/**
 * A real authorization server (npm `oidc-provider`) on loopback: access tokens live for a minute, every refresh token
 * works once, and one that comes a second time ends the login that it belongs to (RFC 9700 §4.14.2).
 */

import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, Provider } from 'oidc-provider';
import { LoopbackServer } from './loopback-server.ts';
import { MemoryAdapter } from './memory-adapter.ts';

const CLIENT_ID = 'demo';
const SCOPE = 'reports offline_access';

/** What a user's login left behind, as if it had happened in a browser. */
export interface Login {
  readonly refreshToken: string;
  /** Makes the newest access token worthless. The login itself lives on. */
  revokeAccessToken(): Promise<void>;
  /** Is the newest refresh token still good? Not if one of this login was ever used twice. */
  isAlive(): Promise<boolean>;
}

/** The newest tokens of one login, as the server knows them. */
interface Family {
  accessToken?: string;
  refreshToken?: string;
}

export class AuthorizationServer {
  readonly clientId = CLIENT_ID;
  readonly clientSecret: string;
  /** Every secret that this server knows. */
  readonly secrets: Set<string>;
  /** How often somebody asked for a token, whether or not one was given. */
  tokenRequests = 0;
  readonly #http: LoopbackServer;
  readonly #provider: Provider;
  readonly #families = new Map<string, Family>();

  static async start(): Promise<AuthorizationServer> {
    const http = await LoopbackServer.listen();
    const clientSecret = randomBytes(24).toString('base64url');
    const provider = new Provider(http.origin, await configuration(clientSecret));
    return new AuthorizationServer(http, provider, clientSecret);
  }

  constructor(http: LoopbackServer, provider: Provider, clientSecret: string) {
    this.#http = http;
    this.#provider = provider;
    this.clientSecret = clientSecret;
    this.secrets = new Set([clientSecret]);
    provider.use((context, next) => {
      if (context.path === '/token') this.tokenRequests += 1;
      return next();
    });
    provider.on('access_token.saved', ({ jti, grantId }) => this.#learn(grantId, { accessToken: jti }));
    provider.on('refresh_token.saved', ({ jti, grantId }) => this.#learn(grantId, { refreshToken: jti }));
    http.serve(provider.callback());
  }

  get tokenEndpoint(): string {
    return `${this.#http.origin}/token`;
  }

  /** Is this access token good right now? */
  async accepts(accessToken: string): Promise<boolean> {
    return (await this.#provider.AccessToken.find(accessToken)) !== undefined;
  }

  async logIn(accountId: string): Promise<Login> {
    const { Client, Grant, RefreshToken } = this.#provider;
    const grant = new Grant({ accountId, clientId: CLIENT_ID });
    grant.addOIDCScope(SCOPE);
    const grantId = await grant.save();
    const client = await Client.find(CLIENT_ID);
    if (client === undefined) throw new Error(`There is no client '${CLIENT_ID}'.`);
    const token = new RefreshToken({ client, accountId, grantId, scope: SCOPE, gty: 'authorization_code' });
    return {
      refreshToken: await token.save(),
      revokeAccessToken: () => this.#revokeAccessToken(grantId),
      isAlive: () => this.#isAlive(grantId),
    };
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #learn(grantId: string | undefined, newest: Family): void {
    for (const secret of Object.values(newest)) this.secrets.add(secret);
    this.#families.set(grantId ?? '', { ...this.#families.get(grantId ?? ''), ...newest });
  }

  async #revokeAccessToken(grantId: string): Promise<void> {
    const token = await this.#provider.AccessToken.find(this.#families.get(grantId)?.accessToken ?? '');
    await token?.destroy();
  }

  async #isAlive(grantId: string): Promise<boolean> {
    const token = await this.#provider.RefreshToken.find(this.#families.get(grantId)?.refreshToken ?? '');
    return token !== undefined && !token.consumed;
  }
}

async function configuration(clientSecret: string): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    adapter: MemoryAdapter,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    scopes: SCOPE.split(' '),
    ttl: { AccessToken: 60, RefreshToken: 3600, Grant: 3600 },
    rotateRefreshToken: true,
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: clientSecret,
        scope: SCOPE,
        grant_types: ['refresh_token'],
        response_types: [],
        redirect_uris: [],
      },
    ],
  };
}
