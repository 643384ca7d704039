import { randomBytes } from 'node:crypto';
import { AuthOAuth2, refreshToken } from '../../src/entries/oauth.ts';
import type { Authenticator } from '../../src/index.ts';
import type { LoggerOptions } from '../../src/logging/index.ts';
import {
  type AuthorizationServer,
  DEVICE_CODE,
  startAuthorizationServer,
} from '../../test/helpers/authorization-server.ts';
import type { Client, Send } from './clients.ts';
import { explain } from './explain.ts';
import { ForeignServer } from './foreign-server.ts';
import { type Login, Logins } from './logins.ts';
import { ProtectedApi } from './protected-api.ts';

/** What a scenario works with: the servers, and one client with one login of its own. */
export interface Stage {
  readonly client: string;
  readonly api: ProtectedApi;
  readonly foreign: ForeignServer;
  readonly login: Login;
  readonly send: Send;
  /** The same client with another authenticator. */
  connect(auth: Authenticator): Send;
  /** How often anybody has asked for a token since the demo began. */
  tokenRequests(): number;
  /** Everything that must never be seen outside. */
  secrets(): string[];
}

/** The public client that people sign in with. */
export const PERSON = 'person';
const CLIENT_ID = 'demo';
const CLIENT_SECRET = randomBytes(24).toString('base64url');

/** The three servers of the demo, all in this process. */
export class Servers {
  readonly #authorizationServer: AuthorizationServer;
  readonly #logins: Logins;
  readonly #foreign: ForeignServer;
  readonly #api: ProtectedApi;

  /** Access tokens live for a minute, and every refresh token works once. */
  static async start(): Promise<Servers> {
    const client = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, grant_types: ['refresh_token'] };
    const person = {
      client_id: PERSON,
      token_endpoint_auth_method: 'none' as const,
      application_type: 'native' as const,
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
    };
    const clients = [{ ...client, response_types: [], redirect_uris: [] }, person];
    // Nobody is signed in by itself: people see the login page.
    const settings = { accessTtl: 60, rotate: true, autoLogin: undefined, deviceInterval: 0.1 };
    const authorizationServer = await startAuthorizationServer({ ...settings, clients });
    const foreign = await ForeignServer.start();
    const acceptsToken = async (token: string) => (await authorizationServer.verify(token)) !== undefined;
    const api = await ProtectedApi.start({ acceptsToken, movedTo: foreign.url });
    return new Servers(authorizationServer, foreign, api);
  }

  constructor(authorizationServer: AuthorizationServer, foreign: ForeignServer, api: ProtectedApi) {
    this.#authorizationServer = authorizationServer;
    this.#logins = new Logins(authorizationServer, CLIENT_ID);
    this.#foreign = foreign;
    this.#api = api;
  }

  get api(): ProtectedApi {
    return this.#api;
  }

  get issuer(): string {
    return this.#authorizationServer.issuer;
  }

  /** Logs in, and hands the refresh token to a fresh authenticator on this client. */
  async stageFor(client: Client, logging: LoggerOptions = {}): Promise<Stage> {
    const api = this.#api;
    const { tokenEndpoint, traffic } = this.#authorizationServer;
    const login = await this.#logins.logIn('alice');
    const secrets = { clientSecret: CLIENT_SECRET, refreshToken: login.refreshToken };
    const grant = refreshToken({ tokenEndpoint, clientId: CLIENT_ID, ...secrets });
    const connect = (auth: Authenticator): Send => {
      const send = client.connect(auth, api.origin);
      return (call) => send(call).catch(explain);
    };
    return {
      client: client.name,
      api,
      foreign: this.#foreign,
      login,
      send: connect(new AuthOAuth2(grant, logging)),
      connect,
      // A poll for a code that nobody has entered yet asks for nothing.
      tokenRequests: () =>
        traffic.count({ path: '/token' }) - traffic.count({ path: '/token', error: 'authorization_pending' }),
      secrets: () => [CLIENT_SECRET, api.apiKey, api.digest.password, ...this.#logins.tokens],
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#authorizationServer.close(), this.#foreign.close(), this.#api.close()]);
  }
}
