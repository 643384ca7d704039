// A wrong option does not compile: the public functions and classes for configurations, logs and Node.

import { loadConfig, openStackOptions, openStackTransportOptions } from 'authwire/config';
import {
  addAuth,
  apiKeyOptions,
  basicOptions,
  bearerArguments,
  buildAuthenticator,
  buildWith,
  digestOptions,
  forwardOptions,
  jwtOptions,
  keystoneOptions,
  noneOptions,
  oauth2Arguments,
  queryOptions,
  tokenOptions,
} from 'authwire/fields';
import { authLogger, createCredentialFilter, pinoMask, winstonFormat, wrapSpanProcessor } from 'authwire/logging';
import {
  AuthCommand,
  AuthDevice,
  AuthPkce,
  authenticate,
  CommandError,
  commandOptions,
  commandSource,
  createTransport,
  credentialStore,
  deviceOptions,
  encryptedFileTokenStore,
  fileLock,
  fileTokenStore,
  keyringTokenStore,
  LockTimeoutError,
  buildAuthenticator as nodeBuildAuthenticator,
  ProxyError,
  pkceOptions,
  secretFile,
  serviceAccount,
  TlsError,
  transportFor,
} from 'authwire/node';
import { it } from 'vitest';

const wrong = { logger: 'pino' } as const;
const client = { issuer: 'https://as.example.com', clientId: 'reports' };

it('in fields, and beside them', () => {
  // @ts-expect-error: no such field
  buildAuthenticator({ authtype: 'AuthBasic' });
  // @ts-expect-error: no kind of secret
  buildAuthenticator({ authType: 'AuthBasic', username: 'ada', password: 5 });
  // @ts-expect-error: no logger
  buildAuthenticator({}, wrong);
  // @ts-expect-error: no such field
  nodeBuildAuthenticator({ authtype: 'AuthBasic' });
  // @ts-expect-error: no logger
  nodeBuildAuthenticator({}, wrong);
  // @ts-expect-error: no logger
  buildWith({}, wrong, () => undefined as never);
  // @ts-expect-error: a class without a name and without build
  addAuth(class {});
  // @ts-expect-error: no logger
  apiKeyOptions({}, wrong);
  // @ts-expect-error: no logger
  basicOptions({}, wrong);
  // @ts-expect-error: no logger
  bearerArguments({}, wrong);
  // @ts-expect-error: no logger
  digestOptions({}, wrong);
  // @ts-expect-error: a request is no way to find one
  forwardOptions({}, { incoming: { headers: {} } });
  // @ts-expect-error: no logger
  jwtOptions({}, wrong);
  // @ts-expect-error: no logger
  keystoneOptions({}, wrong);
  // @ts-expect-error: no logger
  noneOptions({}, wrong);
  // @ts-expect-error: no logger
  oauth2Arguments({}, wrong);
  // @ts-expect-error: no logger
  queryOptions({}, wrong);
  // @ts-expect-error: no logger
  tokenOptions({}, wrong);
  // @ts-expect-error: no logger
  commandOptions({}, wrong);
  // @ts-expect-error: no logger
  pkceOptions({}, wrong);
  // @ts-expect-error: no logger
  deviceOptions({}, wrong);
});

it('in configurations', () => {
  // @ts-expect-error: no such option
  loadConfig({ cwd: '/' });
  // @ts-expect-error: no list
  loadConfig({ files: '/etc/authwire.toml' });
  // @ts-expect-error: no such option
  openStackOptions({ clouds: 'office' });
  // @ts-expect-error: no truth
  openStackOptions({ allowInsecureRequests: 'yes' });
  // @ts-expect-error: no such option
  openStackTransportOptions({ clouds: 'office' });
  // @ts-expect-error: no text
  openStackTransportOptions({ cloud: 5 });
});

it('in logs', () => {
  // @ts-expect-error: no such option
  authLogger({ sink: console });
  // @ts-expect-error: no logger
  authLogger(wrong);
  // @ts-expect-error: no such option
  createCredentialFilter({ grace: 5 });
  // @ts-expect-error: no number
  createCredentialFilter({ graceMs: '5s' });
  // @ts-expect-error: no filter
  pinoMask({});
  // @ts-expect-error: no filter
  winstonFormat({});
  // @ts-expect-error: no processor
  wrapSpanProcessor({});
});

it('in sign-ins', () => {
  // @ts-expect-error: no such option
  new AuthPkce({ ...client, redirectURI: 'http://127.0.0.1/' });
  // @ts-expect-error: a browser is opened by a function
  new AuthPkce({ ...client, openBrowser: 'firefox' });
  // @ts-expect-error: no such option
  new AuthDevice({ ...client, oncode: () => undefined });
  // @ts-expect-error: no list
  new AuthDevice({ ...client, verificationHosts: 'as.example.com' });
  // @ts-expect-error: no such option
  authenticate({ tokenfile: '/x' });
  // @ts-expect-error: no number
  authenticate({ timeoutMs: '5s' });
});

it('in commands and files', () => {
  // @ts-expect-error: no such option
  new AuthCommand({ command: ['gcloud'], cwd: '/' });
  // @ts-expect-error: a command is a list
  new AuthCommand({ command: 'gcloud auth print-access-token' });
  // @ts-expect-error: no such option
  commandSource({ command: ['gcloud'], cwd: '/' });
  // @ts-expect-error: no such way
  commandSource({ command: ['gcloud'], expiry: 'never' });
  // @ts-expect-error: no such option
  secretFile('/run/secrets/key', { encoding: 'utf8' });
  // @ts-expect-error: no such way
  secretFile('/run/secrets/key', { permissions: 'loud' });
  // @ts-expect-error: no such option
  serviceAccount('/run/secrets/account.json', { encoding: 'utf8' });
  // @ts-expect-error: no such way
  serviceAccount('/run/secrets/account.json', { permissions: 'loud' });
});

it('in stores and locks', () => {
  // @ts-expect-error: no such store
  credentialStore('cloud');
  // @ts-expect-error: no such option
  credentialStore('file', { folder: '/x' });
  // @ts-expect-error: no kind of path
  fileTokenStore(5);
  // @ts-expect-error: no such option
  encryptedFileTokenStore({ key: new Uint8Array(32), folder: '/x' });
  // @ts-expect-error: the key is missing
  encryptedFileTokenStore({ path: '/x' });
  // @ts-expect-error: no such option
  keyringTokenStore({ folder: '/x' });
  // @ts-expect-error: no such way
  keyringTokenStore({ fallback: 'clear' });
  // @ts-expect-error: no such option
  fileLock('/x', { timeout: 5 });
  // @ts-expect-error: no such kind
  fileLock('/x', { kind: 'hard' });
});

it('in transports', () => {
  // @ts-expect-error: no such option
  createTransport({ cafile: '/x' });
  // @ts-expect-error: a proxy has a URL or a host, not both
  createTransport({ proxy: { url: 'http://proxy', host: 'proxy' } });
  // @ts-expect-error: no such field
  transportFor({ proxyhost: 'proxy' });
  // @ts-expect-error: no truth
  transportFor({}, { rejectUnauthorized: 'no' });
});

it('in errors', () => {
  // @ts-expect-error: no such kind
  new CommandError('failed.', { kind: 'other', command: 'gcloud', directory: '/' });
  // @ts-expect-error: no number
  new LockTimeoutError('text', { pid: '1' });
  // @ts-expect-error: the proxy is missing
  new ProxyError('text', {});
  // @ts-expect-error: the host is missing
  new TlsError('text', { reason: 'CERT_HAS_EXPIRED' });
});
