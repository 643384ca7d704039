import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';
import type { LoggerOptions } from '../../src/logging/auth-logger.ts';
import { refreshToken } from '../../src/oauth/grants/refresh-token.ts';
import { AuthorizationServer, type Login } from './authorization-server.ts';
import type { Client, Send } from './clients.ts';
import { explain } from './explain.ts';
import { ForeignServer } from './foreign-server.ts';
import { ProtectedApi } from './protected-api.ts';

/** What a scenario works with: the servers, and one client with one login of its own. */
export interface Stage {
  readonly client: string;
  readonly api: ProtectedApi;
  readonly foreign: ForeignServer;
  readonly authorizationServer: AuthorizationServer;
  readonly login: Login;
  readonly send: Send;
  /** The same client with another authenticator. */
  connect(auth: Authenticator): Send;
  /** Everything that must never be seen outside. */
  secrets(): string[];
}

/** The three servers of the demo, all in this process. */
export class Servers {
  readonly authorizationServer: AuthorizationServer;
  readonly foreign: ForeignServer;
  readonly api: ProtectedApi;

  static async start(): Promise<Servers> {
    const authorizationServer = await AuthorizationServer.start();
    const foreign = await ForeignServer.start();
    const acceptsToken = (token: string) => authorizationServer.accepts(token);
    const api = await ProtectedApi.start({ acceptsToken, movedTo: foreign.url });
    return new Servers(authorizationServer, foreign, api);
  }

  constructor(authorizationServer: AuthorizationServer, foreign: ForeignServer, api: ProtectedApi) {
    this.authorizationServer = authorizationServer;
    this.foreign = foreign;
    this.api = api;
  }

  /** Logs in, and hands the refresh token to a fresh authenticator on this client. */
  async stageFor(client: Client, logging: LoggerOptions = {}): Promise<Stage> {
    const { authorizationServer, foreign, api } = this;
    const { tokenEndpoint, clientId, clientSecret } = authorizationServer;
    const login = await authorizationServer.logIn('ada');
    const grant = refreshToken({ tokenEndpoint, clientId, clientSecret, refreshToken: login.refreshToken });
    const connect = (auth: Authenticator): Send => {
      const send = client.connect(auth, api.origin);
      return (call) => send(call).catch(explain);
    };
    const send = connect(new AuthOAuth2(grant, logging));
    const secrets = () => [...authorizationServer.secrets, api.apiKey];
    return { client: client.name, api, foreign, authorizationServer, login, send, connect, secrets };
  }

  async close(): Promise<void> {
    await Promise.all([this.authorizationServer.close(), this.foreign.close(), this.api.close()]);
  }
}
