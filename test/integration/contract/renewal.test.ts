import { describe, expect, it } from 'vitest';
import { Authenticator } from '../../../src/lifecycle/contract.ts';
import { staticToken } from '../../../src/tokens/sources.ts';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import { drivers } from '../../helpers/clients.ts';
import { echo, fail, guarded, refuse, sequence } from '../../helpers/protected-api.ts';
import { placements } from '../../helpers/test-auth.ts';
import { authErrorOf, bound, outcome, setUp, setUpExpired, testApi } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it.each(placements)('signs the first request (%s)', async (placement) => {
    const { api, issuer, send } = await setUp(driver, { placement });

    const { status } = await outcome(driver, send({ url: api.url('/first') }));

    expect(status).toBe(200);
    expect(api.hits).toHaveLength(1);
    expect(issuer.requests).toBe(1);
  });

  it.each(placements)('renews once after a 401 and sends again with the new credential (%s)', async (placement) => {
    const { api, issuer, send } = await setUpExpired(driver, { placement });

    const { status, text } = await outcome(driver, send({ url: api.url('/again?page=2') }));

    expect(status).toBe(200);
    expect(JSON.parse(text ?? '')).toMatchObject({ path: '/again' });
    expect(api.hits).toHaveLength(2);
    expect(api.hits.map((hit) => hit.query.page)).toEqual(['2', '2']);
    expect(issuer.requests).toBe(2);
  });

  it('goes on with the renewed credential without asking again', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    await outcome(driver, send({ url: api.url('/renewing') }));
    api.forget();

    const { status } = await outcome(driver, send({ url: api.url('/later') }));

    expect(status).toBe(200);
    expect(api.hits).toHaveLength(1);
    expect(issuer.requests).toBe(2);
  });

  it('hands a permanent 401 to the caller after one renewal, its body intact', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    issuer.issueWorthless();
    api.on('/never', refuse({ bodyBytes: 1000 }));

    const { status, text, response } = await outcome(driver, send({ url: api.url('/never') }));

    expect(status).toBe(401);
    expect(text).toBe('r'.repeat(1000));
    expect(response?.headers.get('www-authenticate')).toContain('invalid_token');
    expect(api.hits).toHaveLength(2);
    expect(issuer.requests).toBe(2);
  });

  it('renews twice at most for a page that refuses every token, however well other pages take them', async () => {
    const { api, issuer, send } = await setUp(driver);
    api.on('/never', refuse());

    for (let call = 0; call < 5; call += 1) {
      expect((await outcome(driver, send({ url: api.url('/never') }))).status).toBe(401);
      expect((await outcome(driver, send({ url: api.url('/reports') }))).status).toBe(200);
    }

    expect(issuer.requests).toBe(3);
    expect(api.hitsOf('/never')).toHaveLength(7);
  });

  it('leaves a permanent 401 in the shape in which the client itself gives it', async () => {
    const { api, send } = await setUp(driver);
    api.on('/never', refuse());
    const plain = await outcome(driver, driver.create(undefined)({ url: api.url('/never') }));

    const { error } = await outcome(driver, send({ url: api.url('/never') }));

    expect((error as Error | undefined)?.name).toBe((plain.error as Error | undefined)?.name);
    expect((error as Error | undefined)?.message).toBe((plain.error as Error | undefined)?.message);
    expect(error !== undefined).toBe(driver.capabilities.throwsOnStatus);
  });

  it.each([403, 404, 500])('renews nothing after a %i', async (status) => {
    const { api, issuer, send } = await setUp(driver);
    api.on('/other', fail(status));

    expect((await outcome(driver, send({ url: api.url('/other') }))).status).toBe(status);
    expect(api.hits).toHaveLength(1);
    expect(issuer.requests).toBe(1);
  });

  it('hands a 401 on at once when there is nothing better to offer', async () => {
    const api = await testApi();
    const send = driver.create(new TokenAuthenticator(staticToken('the only one')), bound(api));

    const { status } = await outcome(driver, send({ url: api.url('/never') }));

    expect(status).toBe(401);
    expect(api.hits.map((hit) => hit.headers.authorization)).toEqual(['Bearer the only one']);
  });

  it('gives the caller the reason when the renewal fails, and sends nothing more', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    issuer.failWith(new Error('the token endpoint is on fire'));

    const { error } = await outcome(driver, send({ url: api.url('/failing') }));

    expect(causes(error)).toContain('the token endpoint is on fire');
    expect(authErrorOf(error)?.code).toBe('ERR_AUTH_CREDENTIAL');
    expect(api.hits).toHaveLength(1);
  });

  it('sends nothing at all when there is no first credential to be had', async () => {
    const { api, issuer, send } = await setUp(driver);
    issuer.failWith(new Error('the token endpoint is on fire'));

    const { error } = await outcome(driver, send({ url: api.url('/unsigned') }));

    expect(causes(error)).toContain('the token endpoint is on fire');
    expect(api.hits).toHaveLength(0);
  });

  it('names the authenticator when one of the user throws', async () => {
    class AuthTenant extends Authenticator<string> {
      override authenticate(): Promise<string> {
        return Promise.reject(new Error('no tenant'));
      }
      override modifyRequest(): void {}
    }
    const api = await testApi();
    const send = driver.create(new AuthTenant(), bound(api));

    const { error } = await outcome(driver, send({ url: api.url('/unsigned') }));

    expect(authErrorOf(error)).toMatchObject({ code: 'ERR_AUTH_CREDENTIAL', cause: { message: 'no tenant' } });
    expect(authErrorOf(error)?.message).toContain('AuthTenant');
    expect(api.hits).toHaveLength(0);
  });

  it('does not ask again right after a failed renewal, and recovers once some time has passed', async () => {
    const { api, issuer, clock, send } = await setUpExpired(driver);
    const request = { url: api.url('/flaky') };
    issuer.failWith(new Error('the token endpoint is on fire'));
    await outcome(driver, send(request));
    await outcome(driver, send(request));
    expect(issuer.requests).toBe(2);

    issuer.failWith(undefined);
    clock.advance(60_000);

    expect((await outcome(driver, send(request))).status).toBe(200);
    expect(issuer.requests).toBe(3);
  });

  it('renews again for a later call whose credential is refused', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    await outcome(driver, send({ url: api.url('/one') }));
    issuer.expire();

    expect((await outcome(driver, send({ url: api.url('/two') }))).status).toBe(200);
    expect(issuer.requests).toBe(3);
  });

  it('sends the caller a later failure of the resend as it came', async () => {
    const { api, send } = await setUpExpired(driver);
    api.on('/broken', guarded(fail(503)));

    expect((await outcome(driver, send({ url: api.url('/broken') }))).status).toBe(503);
    expect(api.hits).toHaveLength(2);
  });

  it('does not take a refusal of the resend for a reason to send a third time', async () => {
    const { api, issuer, send } = await setUp(driver);
    api.on('/flaky', sequence(refuse(), refuse(), echo()));

    expect((await outcome(driver, send({ url: api.url('/flaky') }))).status).toBe(401);
    expect(api.hits).toHaveLength(2);
    expect(issuer.requests).toBe(2);
  });
});

/** The messages of an error and of all its causes. */
function causes(error: unknown): string {
  const messages: string[] = [];
  for (let next = error; next instanceof Error; next = next.cause) messages.push(next.message);
  return messages.join(' <- ');
}
