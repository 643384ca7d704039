import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../../src/errors.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import { tokenExchange } from '../../../../src/oauth/grants/token-exchange.ts';
import { TokenCache } from '../../../../src/tokens/token-cache.ts';
import { type Endpoint, startEndpoint } from '../../../helpers/endpoint.ts';
import { token } from '../../tokens/by-hand.ts';

const signal = new AbortController().signal;
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ID = 'urn:ietf:params:oauth:token-type:id_token';
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
const issued = (issued_token_type: unknown, more = {}) => ({
  json: { access_token: 'new', issued_token_type, ...more },
});
beforeEach(() => {
  server.received.length = 0;
  server.answer(issued(ACCESS));
});

const source = (options = {}) =>
  tokenExchange({ tokenEndpoint: server.url, clientId: 'id', subjectToken: 'subject-1', ...options });
const forms = () => server.received.map(({ form: { client_id, grant_type, ...form } }) => form);
const subject = { subject_token: 'subject-1', subject_token_type: ACCESS };

/** A source of tokens that counts. */
const counting = (name: string) => {
  let made = 0;
  return { requestToken: async () => token(`${name}-${++made}`) };
};

describe('token exchange (RFC 8693)', () => {
  it('impersonates with the subject token alone', async () => {
    expect(await source().requestToken({ signal })).toMatchObject({ accessToken: 'new' });
    expect(server.received[0]?.form.grant_type).toBe('urn:ietf:params:oauth:grant-type:token-exchange');
    expect(forms()).toEqual([subject]);
  });

  it('delegates with an actor token', async () => {
    await source({ actorToken: async () => 'actor-1', actorTokenType: JWT }).requestToken({ signal });
    expect(forms()).toEqual([{ ...subject, actor_token: 'actor-1', actor_token_type: JWT }]);
  });

  it('names types, scope and several audiences', async () => {
    const options = { subjectTokenType: ID, audience: ['a', 'b'], scope: 'read', requestedTokenType: ACCESS };
    await source(options).requestToken({ signal, demand: { scope: ['write'] } });
    const sent = new URLSearchParams(server.received[0]?.body);
    expect(sent.getAll('audience')).toEqual(['a', 'b']);
    expect(forms()).toMatchObject([{ subject_token_type: ID, requested_token_type: ACCESS, scope: 'read write' }]);
  });
});

describe('the issued token type', () => {
  it.each([
    [undefined, ACCESS],
    [undefined, JWT],
    [JWT, JWT],
    [ID, ID],
  ])('%s may be answered with %s', async (requestedTokenType, type) => {
    server.answer(issued(type));
    expect(await source({ requestedTokenType }).requestToken({ signal })).toMatchObject({ accessToken: 'new' });
  });

  it.each([
    [undefined, ID],
    [undefined, undefined],
    [undefined, 7],
    [ACCESS, ID],
    [ID, ACCESS],
    [ID, JWT],
  ])('%s must not be answered with %s', async (requestedTokenType, type) => {
    server.answer(issued(type));
    await expect(source({ requestedTokenType }).requestToken({ signal })).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('of what is no access token goes with the token type N_A, and no other', async () => {
    server.answer(issued(ID, { token_type: 'N_A' }));
    expect(await source({ requestedTokenType: ID }).requestToken({ signal })).toMatchObject({ tokenType: 'Bearer' });
    server.answer(issued(ACCESS, { token_type: 'N_A' }));
    await expect(source().requestToken({ signal })).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('the subject token', () => {
  it('of a source is kept, and renewed once when the server refuses it', async () => {
    server.answer({ status: 400, json: { error: 'invalid_request' } }, issued(ACCESS));
    const exchange = source({ subjectToken: counting('made') });
    await exchange.requestToken({ signal });
    await exchange.requestToken({ signal });
    expect(forms().map((form) => form.subject_token)).toEqual(['made-1', 'made-2', 'made-2']);
  });

  it('of a cache is shared with it', async () => {
    const cache = new TokenCache(counting('made'));
    await cache.get();
    await source({ subjectToken: cache }).requestToken({ signal });
    expect(forms()).toMatchObject([{ subject_token: 'made-1' }]);
  });

  it('that is given as text is sent once', async () => {
    server.answer({ status: 400, json: { error: 'invalid_request' } });
    await expect(source().requestToken({ signal })).rejects.toMatchObject({ error: 'invalid_request' });
    expect(server.received).toHaveLength(1);
  });

  it('is not the reason for every refusal', async () => {
    server.answer({ status: 400, json: { error: 'invalid_target' } });
    await expect(source({ subjectToken: counting('made') }).requestToken({ signal })).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });

  it('is masked, as is the actor token', async () => {
    await source({ subjectToken: 'subject-token-9', actorToken: () => 'actor-token-9' }).requestToken({ signal });
    expect(credentialFilter.mask('subject-token-9 actor-token-9')).toBe('***** *****');
  });

  it('is refused before any I/O when it cannot be sent', async () => {
    expect(() => source({ subjectToken: '' })).toThrow(CredentialError);
    expect(() => source({ subjectToken: 'a\nb' })).toThrow(CredentialError);
    expect(() => source({ subjectToken: undefined })).toThrow(ConfigurationError);
    expect(() => source({ actorTokenType: JWT })).toThrow(expect.objectContaining({ option: 'actorToken' }));
    await expect(source({ subjectToken: () => '' }).requestToken({ signal })).rejects.toThrow(CredentialError);
    expect(server.received).toEqual([]);
  });
});
