import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { entries, onNode } from '../../scripts/entries.mjs';
import { axiosAuth } from '../../src/adapters/axios.ts';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { gotAuth } from '../../src/adapters/got.ts';
import { kyAuth } from '../../src/adapters/ky.ts';
import { undiciAuth } from '../../src/adapters/undici.ts';
import * as fields from '../../src/builders/index.ts';
import { loadConfig, openStackOptions, openStackTransportOptions } from '../../src/config/index.ts';
import { AuthDigest } from '../../src/entries/digest.ts';
import * as oauth from '../../src/entries/oauth.ts';
import { AuthOpenStack } from '../../src/entries/openstack.ts';
import * as core from '../../src/index.ts';
import { authLogger, createCredentialFilter } from '../../src/logging/index.ts';
import * as node from '../../src/node/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'authwire-options-'));
const accountFile = join(folder, 'account.json');
writeFileSync(accountFile, JSON.stringify({ client_email: 'robot@example.com', private_key: 'no-key' }), {
  mode: 0o600,
});

const login = { username: 'ada', password: 'open sesame' };
const issuer = 'https://as.example.com';
const client = { tokenEndpoint: `${issuer}/token`, clientId: 'reports', clientSecret: 'a-client-secret' };
const person = { tokenEndpoint: `${issuer}/token`, authorizationEndpoint: `${issuer}/authorize`, clientId: 'reports' };
const device = { ...person, deviceAuthorizationEndpoint: `${issuer}/device` };
const source = { requestToken: async () => ({ accessToken: 'a-token', tokenType: 'Bearer' }) };
const none = new core.AuthNone();
const openUrl = 'https://keystone.example/v3';
const storeWith = { get: () => undefined, set: () => undefined, delete: () => undefined, singleProcess: true };
const origins = ['https://api.example.com'];
const basicFields = { authType: 'AuthBasic', ...login } as const;
const oauth2Fields = {
  authType: 'AuthOAuth2',
  oauth2Type: 'ClientCredentials',
  oauth2TokenURL: `${issuer}/token`,
  oauth2ClientId: 'reports',
  oauth2ClientSecret: 'a-client-secret',
} as const;
const clouds = { env: { OS_AUTH_URL: openUrl, OS_USER_ID: 'ada', OS_PASSWORD: 'open sesame' }, files: [] };

class OwnAuthenticator extends core.Authenticator<string> {
  override authenticate() {
    return 'key';
  }
  override modifyRequest() {}
}

/** Names and types are checked elsewhere; here go values that no compiler lets through. */
type Given = Readonly<Record<string, never>>;

interface Row {
  /** Calls it with minimal arguments that are valid, and with these options beside them. */
  readonly call: (more: Given) => unknown;
  /** Values of the wrong kind by option. */
  readonly wrong: Readonly<Record<string, unknown>>;
  /** Base classes leave names that they don't know to the classes that stand on them. */
  readonly isBase?: true;
}

const logs = { debug: 'yes', logger: 'pino', refusedWhen: 403 };
const cache = {
  store: new Map(),
  skewMs: Number.NaN,
  deadlineMs: '5s',
  onToken: 'save',
  token: 'a-token',
  tries: 0,
  waitUntil: true,
  now: 5,
};
const unset = { clientSecret: undefined, clientId: undefined };
const grant = { ...unset, fetch: 'undici', allowInsecureRequests: 'yes', scope: 5, parameters: { a: 1 }, dpop: true };
const browser = { openBrowser: 'firefox', timeoutMs: '5s', ports: 8080 };
const signIn = { issuer, oauth2ClientId: 'cli', credentialStore: 'memory' } as const;
const build = { ...logs, ...cache, fetch: 'undici', transport: {}, allowInsecureRequests: 1 };

const table: Readonly<Record<string, Row>> = {
  AuthNone: { call: (more) => new core.AuthNone({ ...more }), wrong: logs },
  AuthBasic: {
    call: (more) => new core.AuthBasic({ ...login, ...more }),
    wrong: { ...logs, username: undefined, password: undefined, encoding: 'latin' },
  },
  AuthDigest: {
    call: (more) => new AuthDigest({ ...login, ...more }),
    wrong: { ...logs, username: undefined, password: undefined, strict: 'yes' },
  },
  AuthApiKey: { call: (more) => new core.AuthApiKey({ key: 'a-key', ...more }), wrong: { ...logs, key: undefined } },
  AuthQuery: {
    call: (more) => new core.AuthQuery({ name: 'key', key: 'a-key', ...more }),
    wrong: { ...logs, key: undefined },
  },
  AuthBearer: {
    call: (more) => new core.AuthBearer(source, { ...more }),
    wrong: { ...logs, ...cache, token: undefined },
  },
  AuthJwt: {
    call: (more) => new core.AuthJwt({ token: 'a.b.c', ...more }),
    wrong: { ...logs, ...cache, token: undefined },
  },
  AuthForward: {
    call: (more) => new core.AuthForward({ incoming: () => undefined, ...more }),
    wrong: { ...logs, format: 5 },
  },
  AuthToken: {
    call: (more) => new core.AuthToken({ ...login, tokenEndpoint: `${issuer}/login`, ...more }),
    wrong: { ...logs, ...cache, password: undefined, fetch: 'undici' },
  },
  AuthOpenStack: {
    call: (more) => new AuthOpenStack({ authUrl: openUrl, userId: 'ada', password: 'open sesame', ...more }),
    wrong: { ...logs, ...cache, token: undefined, password: undefined, fetch: 'undici' },
  },
  AuthOAuth2: { call: (more) => new oauth.AuthOAuth2(source, { ...more }), wrong: { ...logs, ...cache, onStepUp: 5 } },
  ResourceAuthenticator: {
    call: (more) => new oauth.ResourceAuthenticator(source, { ...more }),
    wrong: { ...logs, ...cache, scopeStepUp: true },
  },
  TokenAuthenticator: {
    call: (more) => new core.TokenAuthenticator(source, { ...more }),
    wrong: { ...logs, ...cache, header: 5 },
  },
  Authenticator: { call: (more) => new OwnAuthenticator({ ...more }), wrong: logs, isBase: true },
  AuthByOrigin: {
    call: (more) => new core.AuthByOrigin({ 'https://api.example.com': none }, { ...more }),
    wrong: logs,
  },
  AuthByChallenge: {
    call: (more) => new core.AuthByChallenge({ basic: none }, { ...more }),
    wrong: { ...logs, allowWeaker: 'yes' },
  },
  unauthorized: { call: (more) => core.unauthorized(new Error('other'), { ...more }), wrong: { realm: 5 } },
  TokenCache: {
    call: (more) => new core.TokenCache(source, { ...more }),
    wrong: { ...cache, check: true, log: 'pino' },
  },
  firstOf: { call: (more) => core.firstOf([source], { ...more }), wrong: { onFailure: true } },
  simpleTokenStore: {
    call: (more) => core.simpleTokenStore({ ...storeWith, ...more }),
    wrong: { get: new Map(), singleProcess: 'yes' },
  },

  axiosAuth: { call: (more) => axiosAuth(none, { ...more }), wrong: { headerPolicy: 'keep', deadlineMs: '5s' } },
  fetchAuth: {
    call: (more) => fetchAuth(none, { ...more }),
    wrong: { headerPolicy: 'keep', deadlineMs: '5s', fetch: 'undici', baseUrl: 5 },
  },
  gotAuth: { call: (more) => gotAuth(none, { ...more }), wrong: { headerPolicy: 'keep', deadlineMs: '5s' } },
  kyAuth: { call: (more) => kyAuth(none, { ...more }), wrong: { headerPolicy: 'keep', deadlineMs: '5s' } },
  undiciAuth: {
    call: (more) => undiciAuth(none, { origins, ...more }),
    wrong: { headerPolicy: 'keep', deadlineMs: '5s' },
  },

  clientCredentials: { call: (more) => oauth.clientCredentials({ ...client, ...more }), wrong: grant },
  resourceOwnerPassword: {
    call: (more) => oauth.resourceOwnerPassword({ ...client, ...login, ...more }),
    wrong: { ...grant, password: undefined },
  },
  refreshToken: {
    call: (more) => oauth.refreshToken({ ...client, refreshToken: 'a-refresh-token', ...more }),
    wrong: { ...grant, refreshToken: undefined },
  },
  tokenExchange: {
    call: (more) => oauth.tokenExchange({ ...client, subjectToken: 'a-token', subjectTokenType: 'urn:x', ...more }),
    wrong: { ...grant, subjectToken: undefined },
  },
  grant: {
    call: (more) => oauth.grant({ ...client, grantType: 'account_credentials', ...more }),
    wrong: { ...unset, grantType: undefined, parameters: 5, headers: { 'a b': 'c' }, encodeBody: 'json' },
  },
  jwtBearer: {
    call: (more) => oauth.jwtBearer({ ...client, issuer, subject: 'ada', key: { kty: 'RSA' }, ...more } as never),
    wrong: { clientSecret: undefined, fetch: 'undici', scope: 5, key: undefined },
  },
  authorizationCode: {
    call: (more) =>
      oauth.authorizationCode({ ...person, redirectUri: 'http://127.0.0.1:1/', authorize: async () => '', ...more }),
    wrong: { ...grant, redirectUri: undefined, authorize: 'open' },
  },
  deviceAuthorization: {
    call: (more) => oauth.deviceAuthorization({ ...device, show: () => undefined, ...more }),
    wrong: { ...grant, show: 'open' },
  },
  privateKeyJwt: {
    call: (more) => oauth.privateKeyJwt({ key: { kty: 'RSA' }, ...more } as never),
    wrong: { key: undefined, passphrase: undefined, keyId: 5, lifetimeMs: '5s' },
  },
  signedJwt: {
    call: (more) => oauth.signedJwt({ key: { kty: 'RSA' }, ...more } as never),
    wrong: { key: undefined, claims: 5, lifetimeMs: '5s' },
  },
  clientSecretJwt: { call: (more) => oauth.clientSecretJwt({ ...more }), wrong: { audience: 5, lifetimeMs: '5s' } },
  Dpop: { call: (more) => new oauth.Dpop({ ...more }), wrong: { now: 5, clockSkewMs: '5s' } },
  discoverProtectedResource: {
    call: (more) => oauth.discoverProtectedResource('http://127.0.0.1:1/', { authorizationServers: [issuer], ...more }),
    wrong: { fetch: 'undici', allowInsecureRequests: 'yes' },
  },

  buildAuthenticator: { call: (more) => fields.buildAuthenticator(basicFields, { ...more }), wrong: build },
  'buildAuthenticator of node': { call: (more) => node.buildAuthenticator(basicFields, { ...more }), wrong: build },
  buildWith: { call: (more) => fields.buildWith({}, { ...more }, () => none), wrong: build },
  apiKeyOptions: { call: (more) => fields.apiKeyOptions({ apikey: 'a-key' }, { ...more }), wrong: build },
  basicOptions: { call: (more) => fields.basicOptions(login, { ...more }), wrong: build },
  bearerArguments: { call: (more) => fields.bearerArguments({ apikey: 'a-token' }, { ...more }), wrong: build },
  digestOptions: { call: (more) => fields.digestOptions(login, { ...more }), wrong: build },
  forwardOptions: {
    call: (more) => fields.forwardOptions({}, { incoming: () => undefined, ...more }),
    wrong: { ...build, incoming: 'request', incomingHeader: 5 },
  },
  jwtOptions: { call: (more) => fields.jwtOptions({ apikey: 'a.b.c' }, { ...more }), wrong: build },
  keystoneOptions: {
    call: (more) =>
      fields.keystoneOptions({ authEndpoint: openUrl, ...login, domain: 'Default', projectName: 'p' } as never, {
        ...more,
      }),
    wrong: build,
  },
  noneOptions: { call: (more) => fields.noneOptions({}, { ...more }), wrong: build },
  oauth2Arguments: { call: (more) => fields.oauth2Arguments(oauth2Fields, { ...more }), wrong: build },
  queryOptions: {
    call: (more) => fields.queryOptions({ apikey: 'a-key', authHeader: 'key' }, { ...more }),
    wrong: build,
  },
  tokenOptions: {
    call: (more) => fields.tokenOptions({ ...login, authEndpoint: `${issuer}/login` }, { ...more }),
    wrong: build,
  },

  authLogger: { call: (more) => authLogger({ ...more }), wrong: { debug: 'yes', logger: 'pino', filter: true } },
  createCredentialFilter: {
    call: (more) => createCredentialFilter({ ...more }),
    wrong: { mask: 5, graceMs: '5s', onWeakSecret: true, now: 5 },
  },

  AuthCommand: {
    call: (more) => new node.AuthCommand({ command: ['true'], ...more }),
    wrong: { ...logs, ...cache, command: 'gcloud auth', directory: 5, ttlMs: 0, expiry: 'never' },
  },
  pkceOptions: { call: (more) => node.pkceOptions(signIn, { ...more }), wrong: build },
  deviceOptions: { call: (more) => node.deviceOptions(signIn, { ...more }), wrong: build },
  commandOptions: { call: (more) => node.commandOptions({ opts: { command: ['true'] } }, { ...more }), wrong: build },
  commandSource: {
    call: (more) => node.commandSource({ command: ['true'], ...more }),
    wrong: { command: 'gcloud auth', deadlineMs: 0, directory: 5, expiry: 'never', now: 5, tokenKey: 5, env: 5 },
  },
  AuthPkce: {
    call: (more) => new node.AuthPkce({ ...person, ...more }),
    wrong: { ...logs, ...grant, ...browser, device: 'yes', onCode: 5 },
  },
  AuthDevice: {
    call: (more) => new node.AuthDevice({ ...device, ...more }),
    wrong: { ...logs, ...grant, ...browser, onCode: 'print', verificationHosts: issuer },
  },
  authenticate: {
    call: (more) => node.authenticate({ tokenFile: join(folder, 'none.json'), signal: AbortSignal.abort(), ...more }),
    wrong: { force: 'yes', timeoutMs: '5s', fetch: 'undici', signal: 5 },
  },
  createTransport: {
    call: (more) => node.createTransport({ ...more }),
    wrong: { connectTimeoutMs: 0, rejectUnauthorized: 'no', ca: 5, proxy: 5, passphrase: undefined, undici: 5 },
  },
  transportFor: {
    call: (more) => node.transportFor({}, { ...more }),
    wrong: { connectTimeoutMs: 0, rejectUnauthorized: 'no', ca: 5, proxy: 5, key: undefined },
  },
  secretFile: {
    call: (more) => node.secretFile('/run/secrets/key', { ...more }),
    wrong: { permissions: 'loud', directory: 5 },
  },
  serviceAccount: {
    call: (more) => node.serviceAccount(accountFile, { ...more }),
    wrong: { permissions: 'loud', directory: 5 },
  },
  credentialStore: {
    call: (more) => node.credentialStore('memory', { ...more }),
    wrong: { path: 5, onFallback: 'warn', timeoutMs: 0, service: 5 },
  },
  encryptedFileTokenStore: {
    call: (more) => node.encryptedFileTokenStore({ path: folder, key: new Uint8Array(32), ...more }),
    wrong: { path: 5 },
  },
  keyringTokenStore: {
    call: (more) => node.keyringTokenStore({ path: folder, ...more }),
    wrong: { path: 5, fallback: 'clear', timeoutMs: 0, service: 5 },
  },
  fileLock: {
    call: async (more) => (await node.fileLock(join(folder, 'lock'), { ...more })).release(),
    wrong: { timeoutMs: '5s', kind: 'hard' },
  },

  loadConfig: {
    call: (more) => loadConfig({ env: { HOME: folder }, directory: folder, ...more }),
    wrong: { env: 'production', onWarning: true },
  },
  openStackOptions: {
    call: (more) => openStackOptions({ ...clouds, ...more }),
    wrong: { cloud: 5, env: 'production', files: 'clouds.yaml', fetch: 'undici', allowInsecureRequests: 'yes' },
  },
  openStackTransportOptions: {
    call: (more) => openStackTransportOptions({ ...clouds, ...more }),
    wrong: { cloud: 5, env: 'production', files: 'clouds.yaml' },
  },
};

/** Public functions without options, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['AuthError', 'AuthenticationError', 'ChallengeError', 'ConfigurationError', 'CredentialError'],
      ...['EndpointNotFoundError', 'IncomingCredentialError', 'LoginRequiredError', 'MultiFactorRequiredError'],
      ...['StepUpRequiredError', 'StoreError', 'TokenEndpointError', 'CommandError', 'LockTimeoutError'],
      ...['ProxyError', 'TlsError'],
    ].map((name) => [name, 'an error takes what Error takes, and is made here']),
  ),
  ...Object.fromEntries(
    ['pinoMask', 'winstonFormat', 'wrapConsole', 'wrapDebug', 'wrapProcessOutput', 'wrapSpanProcessor'].map((name) => [
      name,
      'takes a filter, and what it wraps',
    ]),
  ),
  wrapWritable: 'takes a filter, and what it wraps',
  Secret: 'takes the secret',
  secret: 'takes the secret',
  reveal: 'takes the secret',
  fingerprint: 'takes the secret',
  secretsEqual: 'takes secrets',
  isAuthError: 'takes anything',
  parseChallenges: 'takes the text of a header',
  MemoryTokenStore: 'takes nothing',
  tokenStore: 'takes a store',
  staticToken: 'takes a token, which may hold whatever its server has said',
  withRefreshTokens: 'takes a source',
  clientAssertion: 'takes a function',
  jsonBody: 'takes a form',
  addAuth: 'takes a class',
  knownAuthenticators: 'takes nothing',
  fileTokenStore: 'takes a path',
  processTerminal: 'takes nothing',
  secretEnv: 'takes a name',
};

const names = Object.keys(table);

/** Errors come as exceptions or as rejections. */
async function outcome(name: string, more: object): Promise<unknown> {
  try {
    await table[name]?.call(more as Given);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Names that change where a credential goes, and whether anybody listens. */
const PLANTED = [
  ...['origins', 'fetch', 'allowInsecureRequests', 'baseUrl', 'debug', 'logger', 'store', 'refusedWhen'],
  ...['proxy', 'rejectUnauthorized', 'caFile', 'transport', 'incoming', 'permissions', 'onToken', 'fallback'],
  ...['audience', 'header', 'lifetimeMs', 'backdateMs', 'format', 'scope', 'parameters', 'clientSecret', 'scheme'],
  ...['username', 'password', 'directory', 'env', 'passEnv', 'ttlMs', 'skewMs', 'onRenewalFailed'],
  ...[
    'now',
    'token',
    'redirectUri',
    'openBrowser',
    'terminal',
    'ports',
    'timeoutMs',
    'clientAuthentication',
    'loginHint',
    'tls',
  ],
  ...['headerPolicy', 'onFailure', 'realm', 'issuer', 'tokenEndpoint', 'allowWeaker', 'scopeStepUp', 'dpop'],
];

/** Notes who reads one of these names from Object.prototype, until it is asked. */
function plant(): () => string[] {
  const read = new Set<string>();
  for (const name of PLANTED) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get() {
        const [, , caller = ''] = String(new Error().stack).split('\n');
        if (!caller.includes('node_modules') && !caller.includes('node:')) read.add(`${name} ${caller.trim()}`);
        return undefined;
      },
      set(value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
  return () => {
    unplant();
    return [...read];
  };
}

function unplant(): void {
  for (const name of PLANTED) Reflect.deleteProperty(Object.prototype, name);
}
afterEach(unplant);

it('names every public function, so that a new one is not forgotten', async () => {
  const known = new Set([...names.map((name) => name.replace(/ .*/, '')), ...Object.keys(WITHOUT)]);
  const seen = new Set<string>();
  for (const file of [...Object.values(entries), ...Object.values(onNode)]) {
    const entry: Readonly<Record<string, unknown>> = await import(`../../${file}`);
    for (const [name, value] of Object.entries(entry)) if (typeof value === 'function') seen.add(name);
  }
  expect([...seen].filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !seen.has(name))).toEqual([]);
});

describe('a token that never expires by mistake', () => {
  const holders = names.filter(
    (name) => 'token' in (table[name] as Row).wrong && 'skewMs' in (table[name] as Row).wrong,
  );

  it.each(holders.filter((name) => !/AuthJwt|AuthOpenStack|Options$|Arguments$|build/.test(name)))(
    'is refused by %s at once',
    async (name) => {
      for (const expiresAt of [Number.NaN, 'soon', new Date(Number.NaN)]) {
        const error = await outcome(name, { token: { accessToken: 'a-token', tokenType: 'Bearer', expiresAt } });
        expect(error).toMatchObject({ message: expect.stringContaining("a token's expiresAt must be") });
      }
    },
  );

  it('is refused by staticToken', () => {
    expect(() => core.staticToken({ accessToken: 'a-token', expiresAt: Number.NaN })).toThrow(/expiresAt must be/);
  });
});

describe('a secret from a variable that is not set', () => {
  it('is refused where it is wrapped', () => {
    expect(() => core.secret(process.env.NOT_SET as string)).toThrow('A secret must be text, got undefined.');
  });

  it.each(['password', 'proxyPasswd', 'apikey', 'oauth2ClientSecret'])('is refused in field %s', (field) => {
    const given = { ...basicFields, ...oauth2Fields, apikey: 'a-key', proxy: true, proxyHost: 'proxy' };
    const authType = field === 'apikey' ? 'AuthJwt' : field === 'oauth2ClientSecret' ? 'AuthOAuth2' : 'AuthBasic';
    const make = () => node.buildAuthenticator({ ...given, authType, [field]: undefined } as never);
    expect(make).toThrow(expect.objectContaining({ option: field }));
    expect(make).toThrow(`field '${field}' is undefined: leave it out, or set the variable that it comes from.`);
  });

  it.each([
    ['proxy.password', { proxy: { host: 'proxy', username: 'ada', password: undefined } }],
    ['proxy.token', { proxy: { host: 'proxy', token: undefined } }],
    ['proxy.tls.passphrase', { proxy: { url: 'https://proxy', tls: { passphrase: undefined } } }],
  ])('is refused in option %s of a transport', (option, given) => {
    expect(() => node.createTransport(given as never)).toThrow(expect.objectContaining({ option }));
  });

  it('is refused in a variable for a command', () => {
    const env = { API_TOKEN: undefined } as never;
    expect(() => node.commandSource({ command: ['true'], env })).toThrow(expect.objectContaining({ option: 'env' }));
  });

  it.each([
    ['proxy.pasword', { proxy: { host: 'proxy', pasword: 'x' } }],
    ['proxy.tls.cafile', { proxy: { url: 'https://proxy', tls: { cafile: '/x' } } }],
  ])('is not lost under a misspelt name: %s', (option, given) => {
    expect(() => node.createTransport(given as never)).toThrow(expect.objectContaining({ option }));
  });
});

describe.each(names)('%s', (name) => {
  const row = table[name] as Row;

  it(row.isBase ? 'leaves other options to its subclasses' : 'names an option that it does not know', async () => {
    const error = await outcome(name, { orgins: ['https://api.example.com'] });
    if (row.isBase) return expect(error).toBeUndefined();
    return expect(error).toMatchObject({
      code: 'ERR_AUTH_CONFIGURATION',
      option: 'orgins',
      message: expect.stringContaining("has no option 'orgins'"),
    });
  });

  it.each(['options', 'nothing'])('reads no option from Object.prototype, given %s', async (given) => {
    const before = await outcome(name, {});
    const read = plant();
    const after = await outcome(name, given === 'options' ? {} : Object.create(null));
    expect(read()).toEqual([]);
    expect(after).toEqual(before);
  });

  it.each(Object.entries(row.wrong))('refuses %s: %o', async (option, value) => {
    const error = await outcome(name, { [option]: value });
    expect(error).toMatchObject({ code: 'ERR_AUTH_CONFIGURATION', option });
    expect((error as Error).message).toContain(`'${option}'`);
  });
});
