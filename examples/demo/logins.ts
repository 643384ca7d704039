import type { AuthorizationServer } from '../../test/helpers/authorization-server.ts';

/** What a user's login left behind, as if it had happened in a browser. */
export interface Login {
  readonly refreshToken: string;
  /** Makes the newest access token worthless. The login itself lives on. */
  revokeAccessToken(): Promise<void>;
  /** Is the newest refresh token still good? Not if one of this login was ever used twice (RFC 9700 §4.14.2). */
  isAlive(): Promise<boolean>;
}

/** The newest tokens of one login, as the server knows them. */
interface Tokens {
  accessToken?: string;
  refreshToken?: string;
}

const SCOPE = 'read offline_access';

/** Logs users in at the authorization server, and keeps an eye on what becomes of their logins. */
export class Logins {
  /** Every token that was ever issued. */
  readonly tokens = new Set<string>();
  readonly #server: AuthorizationServer;
  readonly #clientId: string;
  readonly #newest = new Map<string, Tokens>();

  constructor(server: AuthorizationServer, clientId: string) {
    this.#server = server;
    this.#clientId = clientId;
    const { provider } = server;
    provider.on('access_token.saved', ({ jti, grantId }) => this.#learn(grantId, { accessToken: jti }));
    provider.on('refresh_token.saved', ({ jti, grantId }) => this.#learn(grantId, { refreshToken: jti }));
  }

  async logIn(accountId: string): Promise<Login> {
    const { Client, Grant, RefreshToken } = this.#server.provider;
    const grant = new Grant({ accountId, clientId: this.#clientId });
    grant.addOIDCScope(SCOPE);
    const grantId = await grant.save();
    const client = await Client.find(this.#clientId);
    if (client === undefined) throw new Error(`There is no client '${this.#clientId}'.`);
    const refreshToken = new RefreshToken({ client, accountId, grantId, scope: SCOPE, gty: 'authorization_code' });
    return {
      refreshToken: await refreshToken.save(),
      revokeAccessToken: () => this.#revokeAccessToken(grantId),
      isAlive: () => this.#isAlive(grantId),
    };
  }

  #learn(grantId: string | undefined, tokens: Tokens): void {
    for (const token of Object.values(tokens)) this.tokens.add(token);
    this.#newest.set(grantId ?? '', { ...this.#newestOf(grantId), ...tokens });
  }

  async #revokeAccessToken(grantId: string): Promise<void> {
    const { accessToken = '' } = this.#newestOf(grantId);
    if (await this.#server.verify(accessToken)) await this.#server.revoke(accessToken);
  }

  async #isAlive(grantId: string): Promise<boolean> {
    const token = await this.#server.provider.RefreshToken.find(this.#newestOf(grantId).refreshToken ?? '');
    return token !== undefined && !token.consumed;
  }

  #newestOf(grantId: string | undefined): Tokens {
    return this.#newest.get(grantId ?? '') ?? {};
  }
}
