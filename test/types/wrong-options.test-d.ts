// A wrong option does not compile: for each public function and class of the core and the clients a name that does not
// exist, and a value of the wrong kind. test/unit/wrong-options.test.ts fails for a function that is missing here.

import {
  AuthApiKey,
  AuthBasic,
  AuthBearer,
  AuthByChallenge,
  AuthByOrigin,
  AuthError,
  AuthenticationError,
  Authenticator,
  AuthForward,
  AuthJwt,
  AuthNone,
  AuthQuery,
  AuthToken,
  ChallengeError,
  ConfigurationError,
  CredentialError,
  EndpointNotFoundError,
  firstOf,
  IncomingCredentialError,
  LoginRequiredError,
  MultiFactorRequiredError,
  StepUpRequiredError,
  StoreError,
  secret,
  simpleTokenStore,
  staticToken,
  TokenAuthenticator,
  TokenCache,
  TokenEndpointError,
  tokenStore,
  unauthorized,
  withRefreshTokens,
} from 'authwire';
import { axiosAuth } from 'authwire/axios';
import { AuthDigest } from 'authwire/digest';
import { fetchAuth } from 'authwire/fetch';
import { gotAuth } from 'authwire/got';
import { kyAuth } from 'authwire/ky';
import { AuthOpenStack } from 'authwire/openstack';
import { undiciAuth } from 'authwire/undici';
import { describe, it } from 'vitest';

const login = { username: 'ada', password: 'open sesame' };
const origins = ['https://api.example.com'];
const source = { requestToken: async () => ({ accessToken: 'a-token', tokenType: 'Bearer' }) };
const none = new AuthNone();

abstract class Own extends Authenticator<string> {}
class Other extends Own {
  override authenticate() {
    return 'key';
  }
  override modifyRequest() {}
}

describe('authenticators', () => {
  it('refuse a wrong option of a request’s secret', () => {
    // @ts-expect-error: no such option
    new AuthNone({ orgins: origins });
    // @ts-expect-error: no kind of origins
    new AuthNone({ origins: 5 });
    // @ts-expect-error: no such option
    new AuthBasic({ ...login, usrname: 'ada' });
    // @ts-expect-error: no such encoding
    new AuthBasic({ ...login, encoding: 'utf-16' });
    // @ts-expect-error: no such option
    new AuthApiKey({ key: 'a-key', heder: 'x-api-key' });
    // @ts-expect-error: no kind of key
    new AuthApiKey({ key: 5 });
    // @ts-expect-error: no such option
    new AuthQuery({ name: 'key', key: 'a-key', prefix: 'Key' });
    // @ts-expect-error: the name is missing
    new AuthQuery({ key: 'a-key' });
    // @ts-expect-error: no such option
    new AuthDigest({ ...login, realm: 'api' });
    // @ts-expect-error: no truth
    new AuthDigest({ ...login, strict: 'yes' });
    // @ts-expect-error: no such option
    new AuthForward({ incoming: () => undefined, origin: origins });
    // @ts-expect-error: a request is no way to find one
    new AuthForward({ incoming: { headers: {} } });
    // @ts-expect-error: no such option
    new Other({ header: 'x-api-key' });
    // @ts-expect-error: no kind of verdict
    new Authenticator({ refusedWhen: 403 });
  });

  it('refuse a wrong option of tokens', () => {
    // @ts-expect-error: no such option
    new AuthBearer(source, { skew: 5 });
    // @ts-expect-error: no number
    new AuthBearer(source, { skewMs: '5s' });
    // @ts-expect-error: no such option
    new AuthJwt({ token: 'a.b.c', heder: 'x-token' });
    // @ts-expect-error: no kind of token
    new AuthJwt({ token: 5 });
    // @ts-expect-error: no such option
    new AuthToken({ ...login, tokenEndpoint: 'https://api.example.com/login', tokenkey: 'data.token' });
    // @ts-expect-error: the endpoint is missing
    new AuthToken(login);
    // @ts-expect-error: no such option
    new AuthOpenStack({ authUrl: 'https://keystone.example/v3', userId: 'ada', pasword: 'open sesame' });
    // @ts-expect-error: no such scope
    new AuthOpenStack({ authUrl: 'https://keystone.example/v3', token: 'a-token', systemScope: 'some' });
    // @ts-expect-error: no such option
    new TokenAuthenticator(source, { heder: 'x-token' });
    // @ts-expect-error: no store
    new TokenAuthenticator(source, { store: new Map() });
    // @ts-expect-error: no such option
    new TokenCache(source, { deadline: 5000 });
    // @ts-expect-error: no function
    new TokenCache(source, { onToken: 'save' });
    // @ts-expect-error: a source returns tokens
    withRefreshTokens(() => 5);
    // @ts-expect-error: no such property
    staticToken({ access: 'a-token' });
    // @ts-expect-error: no kind of time
    staticToken({ accessToken: 'a-token', expiresAt: true });
  });

  it('refuse a wrong option of a choice', () => {
    // @ts-expect-error: no such option
    new AuthByOrigin({ 'https://api.example.com': none }, { origin: origins });
    // @ts-expect-error: no authenticator
    new AuthByOrigin({ 'https://api.example.com': 'none' });
    // @ts-expect-error: no such option
    new AuthByChallenge({ basic: none }, { weaker: true });
    // @ts-expect-error: no truth
    new AuthByChallenge({ basic: none }, { allowWeaker: 'yes' });
    // @ts-expect-error: no such option
    firstOf([source], { onfailure: 'next' });
    // @ts-expect-error: no such way on
    firstOf([source], { onFailure: 'ignore' });
  });
});

describe('helpers', () => {
  it('refuse a wrong option', () => {
    // @ts-expect-error: no store
    tokenStore(new Map());
    // @ts-expect-error: no such option
    unauthorized(new Error('other'), { relm: 'api' });
    // @ts-expect-error: no text
    unauthorized(new Error('other'), { realm: 5 });
    // @ts-expect-error: no such option
    simpleTokenStore({ get: () => undefined, set: () => undefined, delete: () => undefined, ttl: 5 });
    // @ts-expect-error: it has to say how several processes are kept apart
    simpleTokenStore({ get: () => undefined, set: () => undefined, delete: () => undefined, singleProcess: 'yes' });
  });
});

describe('clients', () => {
  it('refuse a wrong option', () => {
    // @ts-expect-error: no such option
    axiosAuth(none, { orgins: origins });
    // @ts-expect-error: no such policy
    axiosAuth(none, { headerPolicy: 'keep' });
    // @ts-expect-error: no such option
    fetchAuth(none, { baseURL: 'https://api.example.com' });
    // @ts-expect-error: no URL
    fetchAuth(none, { baseUrl: 5 });
    // @ts-expect-error: no such option
    gotAuth(none, { prefixUrl: 'https://api.example.com' });
    // @ts-expect-error: no number
    gotAuth(none, { deadlineMs: '5s' });
    // @ts-expect-error: no such option
    kyAuth(none, { baseUrl: 'https://api.example.com' });
    // @ts-expect-error: no kind of origins
    kyAuth(none, { origins: 5 });
    // @ts-expect-error: no such option
    undiciAuth(none, { orgins: origins });
    // @ts-expect-error: below undici, undefined origins name nothing
    undiciAuth(none, { origins: undefined });
  });
});

describe('errors', () => {
  it('refuse a wrong option', () => {
    // @ts-expect-error: no such code
    new AuthError('text', { code: 'ERR_OTHER' });
    // @ts-expect-error: no such option
    new ConfigurationError('text', { field: 'scope' });
    // @ts-expect-error: no such code
    new CredentialError('text', { code: 'ERR_OTHER' });
    // @ts-expect-error: no number
    new AuthenticationError('text', { status: '401' });
    // @ts-expect-error: no such kind
    new TokenEndpointError('text', { kind: 'other' });
    // @ts-expect-error: no such option
    new LoginRequiredError('text', { status: 401 });
    // @ts-expect-error: no such option
    new StepUpRequiredError('text', { acr: 'phr' });
    // @ts-expect-error: a receipt is a secret
    new MultiFactorRequiredError('text', { receipt: 'text', methods: [], requiredMethods: [] });
    // @ts-expect-error: what there is is missing
    new EndpointNotFoundError('text', {});
    // @ts-expect-error: no such option
    new ChallengeError('text', { scheme: 'digest' });
    // @ts-expect-error: no such option
    new StoreError('text', { key: 'tenant' });
    // @ts-expect-error: no such reason
    new IncomingCredentialError('text', { reason: 'other' });
    // @ts-expect-error: a secret is text
    secret(5);
  });
});
