import { describe, expect, it } from 'vitest';
import { type ClientDriver, drivers } from '../../helpers/clients.ts';
import { deferred } from '../../helpers/deferred.ts';
import { echo, guarded, hang, held, type ProtectedApi, refuse, sequence } from '../../helpers/protected-api.ts';
import { authErrorOf, bound, identity, outcome, setUp, setUpExpired } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it('sends nothing and asks for nothing when the signal is aborted from the start', async () => {
    const { api, issuer, send } = await setUp(driver);
    const signal = AbortSignal.abort();

    const { error } = await outcome(driver, send({ url: api.url('/never'), signal }));

    expect(identity(error)).toEqual(await abortedByItself(driver, api, signal));
    expect(api.hits).toHaveLength(0);
    expect(issuer.requests).toBe(0);
  });

  it('frees the caller at once who aborts while his first credential is on its way', async () => {
    const { api, issuer, send } = await setUp(driver);
    const release = issuer.hold();
    const controller = new AbortController();
    const call = outcome(driver, send({ url: api.url('/waiting'), signal: controller.signal }));
    await issuer.asked(1);

    controller.abort();

    // The issuer is still held: nothing but the abort can have ended this call.
    const { error } = await call;
    release();
    expect(api.hits).toHaveLength(0);
    expect(identity(error)).toEqual(await abortedInFlight(driver, api));
  });

  it('frees the caller at once who aborts during a renewal, and nobody else', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    const release = issuer.hold();
    const controller = new AbortController();
    const aborted = outcome(driver, send({ url: api.url('/aborted'), signal: controller.signal }));
    const patient = outcome(driver, send({ url: api.url('/patient') }));
    await api.arrived(2);
    await issuer.asked(2);

    controller.abort();
    const { error } = await aborted;
    release();

    expect((await patient).status).toBe(200);
    expect(api.hitsOf('/aborted')).toHaveLength(1);
    expect(issuer.requests).toBe(2);
    expect(identity(error)).toEqual(await abortedInFlight(driver, api));
  });

  it('goes on with the renewal for the next caller when the only one who waited has aborted', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    const release = issuer.hold();
    const controller = new AbortController();
    const aborted = outcome(driver, send({ url: api.url('/aborted'), signal: controller.signal }));
    await issuer.asked(2);
    controller.abort();
    expect((await aborted).error).toBeDefined();

    release();

    expect((await outcome(driver, send({ url: api.url('/next') }))).status).toBe(200);
    expect(issuer.requests).toBe(2);
  });

  it('aborts the resend like any request', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    api.on('/hanging', guarded(hang()));
    const controller = new AbortController();
    const call = outcome(driver, send({ url: api.url('/hanging'), signal: controller.signal }));
    await api.arrived(2);

    controller.abort();

    expect(identity((await call).error)).toEqual(await abortedInFlight(driver, api));
    expect(issuer.requests).toBe(2);
  });

  it('aborts while the refused answer is still on its way, and renews nothing', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    api.on('/slow', held(deferred().promise, refuse()));
    const controller = new AbortController();
    const call = outcome(driver, send({ url: api.url('/slow'), signal: controller.signal }));
    await api.arrived(1);

    controller.abort();

    expect(identity((await call).error)).toEqual(await abortedInFlight(driver, api));
    expect(issuer.requests).toBe(1);
  });

  it("lets the client's own time limit end a hanging request", async () => {
    const { api, issuer, send } = await setUp(driver);
    api.on('/hanging', hang());
    const request = { url: api.url('/hanging'), timeoutMs: 250 };
    const plain = await outcome(driver, driver.create(undefined)(request));

    const { error } = await outcome(driver, send(request));

    expect(identity(error)).toEqual(identity(plain.error));
    expect(api.hits).toHaveLength(2);
    expect(issuer.requests).toBe(1);
  });

  it("lets the client's own time limit end a hanging resend", async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    api.on('/hanging', sequence(refuse(), hang()));
    const request = { url: api.url('/hanging'), timeoutMs: 500 };

    const { error } = await outcome(driver, send(request));

    expect(error).toBeDefined();
    expect(identity(error)).toEqual(identity((await outcome(driver, driver.create(undefined)(request))).error));
    expect(issuer.requests).toBe(2);
    expect(api.hits).toHaveLength(3);
  });

  it('stops waiting for a credential after `deadlineMs`, and nobody else does', async () => {
    const { api, issuer, auth, send } = await setUp(driver, { deadlineMs: 50 });
    const patient = driver.create(auth, bound(api));
    const release = issuer.hold();
    const waiting = outcome(driver, patient({ url: api.url('/patient') }));

    const { error } = await outcome(driver, send({ url: api.url('/hurried') }));
    release();

    expect(authErrorOf(error)?.code).toBe('ERR_AUTH_TIMEOUT');
    expect((await waiting).status).toBe(200);
    expect(api.hitsOf('/hurried')).toHaveLength(0);
    expect(issuer.requests).toBe(1);
  });

  it('does not fail a call whose signal is aborted after the answer', async () => {
    const { api, send } = await setUpExpired(driver);
    api.on('/done', guarded(echo()));
    const controller = new AbortController();

    const { status } = await outcome(driver, send({ url: api.url('/done'), signal: controller.signal }));
    controller.abort();

    expect(status).toBe(200);
    expect((await outcome(driver, send({ url: api.url('/next') }))).status).toBe(200);
  });
});

/** What the client without us throws for a signal that was aborted before the call. */
async function abortedByItself(driver: ClientDriver, api: ProtectedApi, signal: AbortSignal) {
  const { error } = await outcome(driver, driver.create(undefined)({ url: api.url('/never'), signal }));
  return identity(error);
}

/** What the client without us throws when it is aborted while it waits for an answer. */
async function abortedInFlight(driver: ClientDriver, api: ProtectedApi) {
  api.on('/abort-by-itself', hang());
  api.forget();
  const controller = new AbortController();
  const call = outcome(
    driver,
    driver.create(undefined)({ url: api.url('/abort-by-itself'), signal: controller.signal }),
  );
  await api.arrived(1);
  controller.abort();
  return identity((await call).error);
}
