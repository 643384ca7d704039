import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { echo, fail, type Responder, refuse, sequence } from '../../helpers/protected-api.ts';
import { outcome, setUp } from './fixture.ts';

const unauthorized = refuse();
const broken = fail(500);

describe.each(drivers)('$name', (driver) => {
  const { retries } = driver.capabilities;

  async function answers(...responders: [Responder, ...Responder[]]) {
    const setup = await setUp(driver, { retry: 2 });
    setup.api.on('/flaky', sequence(...responders));
    const { status } = await outcome(driver, setup.send({ url: setup.api.url('/flaky') }));
    const presented = setup.api.hits.map((hit) => hit.headers.authorization);
    return { status, presented, requests: setup.issuer.requests };
  }

  it("signs each of the client's own attempts", async () => {
    const { status, presented, requests } = await answers(broken, broken, echo());

    expect(status).toBe(retries ? 200 : 500);
    expect(presented).toHaveLength(retries ? 3 : 1);
    expect(presented.every((value) => value?.startsWith('Bearer '))).toBe(true);
    expect(requests).toBe(1);
  });

  it('renews on an attempt that is not the first', async () => {
    const { status, presented, requests } = await answers(broken, unauthorized, echo());

    expect(status).toBe(retries ? 200 : 500);
    expect(presented).toHaveLength(retries ? 3 : 1);
    expect(new Set(presented).size).toBe(retries ? 2 : 1);
    expect(requests).toBe(retries ? 2 : 1);
  });

  it('leaves the client its whole budget of retries after a renewal', async () => {
    const { status, presented } = await answers(unauthorized, broken, broken, echo());

    expect(status).toBe(retries ? 200 : 500);
    expect(presented).toHaveLength(retries ? 4 : 2);
  });

  it('does not retry beyond the budget', async () => {
    const { status, presented } = await answers(broken, broken, broken, echo());

    expect(status).toBe(500);
    expect(presented).toHaveLength(retries ? 3 : 1);
  });

  it('renews also where the client may not retry at all', async () => {
    const { api, issuer, send } = await setUp(driver, { retry: 0 });
    api.on('/flaky', sequence(unauthorized, echo()));

    expect((await outcome(driver, send({ url: api.url('/flaky') }))).status).toBe(200);
    expect(issuer.requests).toBe(2);
  });
});
