import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { type BuildAuthenticatorOptions, buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { FieldName } from '../../../src/fields/credential-schema.ts';
import { type Endpoint, type Received, startEndpoint } from '../../helpers/endpoint.ts';

/** What a field does, each behaviour by its name. */
export type Behaviours = Readonly<Record<string, (stage: Stage) => void | Promise<void>>>;

/** A part of the table: what some of the fields do. */
export type Rows = { readonly [Name in FieldName]?: Behaviours };

/** A client made of fields: calls the API and shows what arrived there. */
export type Caller = (path?: string) => Promise<Received>;

/** A real API, a real login, and time that passes by hand. */
export interface Stage extends AsyncDisposable {
  readonly api: Endpoint;
  readonly login: Endpoint;
  readonly lines: string[];
  readonly origin: string;
  build(fields: CredentialFields, options?: BuildAuthenticatorOptions): Caller;
  /** A client that logs in with AuthToken. */
  token(fields?: CredentialFields): Caller;
  /** A client of AuthOAuth2 with client credentials, unless the fields say otherwise. */
  oauth2(fields?: CredentialFields): Caller;
  pass(seconds: number): void;
}

const START = 1_800_000_000_000;

export async function startStage(): Promise<Stage> {
  const [api, login] = await Promise.all([startEndpoint({}), startEndpoint({ json: { access_token: 'first-token' } })]);
  const origin = new URL(api.url).origin;
  const lines: string[] = [];
  let passed = 0;
  const clocks = {
    now: () => START + passed,
    monotonic: () => passed,
    refreshAheadMs: 0,
    logger: {
      debug: (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    },
  };

  function build(fields: CredentialFields, options: BuildAuthenticatorOptions = {}): Caller {
    // What the code says wins over `opts`.
    const exact = fields.opts === undefined ? { skewMs: 0 } : {};
    const call = fetchAuth(buildAuthenticator(fields, { ...clocks, ...exact, ...options }), { baseUrl: origin });
    return async (path = '/things') => {
      await call(new URL(path, origin));
      return api.received.at(-1) as Received;
    };
  }

  return {
    api,
    login,
    lines,
    origin,
    build,
    token: (fields) => build({ ...LOGIN, authEndpoint: login.url, ...fields }),
    oauth2: (fields) => build({ ...CLIENT, oauth2TokenURL: login.url, ...fields }),
    pass: (seconds) => {
      passed += seconds * 1000;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([api[Symbol.asyncDispose](), login[Symbol.asyncDispose]()]);
    },
  };
}

const LOGIN = { authType: 'AuthToken', username: 'ada', password: 'wonderland' };
const CLIENT = {
  authType: 'AuthOAuth2',
  oauth2Type: 'ClientCredentials',
  oauth2ClientId: 'robot',
  oauth2ClientSecret: 'tin-man-heart',
} as const;
