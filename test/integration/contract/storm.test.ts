import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { deferred } from '../../helpers/deferred.ts';
import { echo, guarded, held, refuse, sequence, together } from '../../helpers/protected-api.ts';
import { outcome, setUp, setUpExpired } from './fixture.ts';

const CROWD = 200;

describe.each(drivers)('$name', (driver) => {
  it('asks for the first token once for 200 requests at a time', async () => {
    const { api, issuer, send } = await setUp(driver);
    const calls = Array.from({ length: CROWD }, () => outcome(driver, send({ url: api.url('/all') })));

    const statuses = (await Promise.all(calls)).map(({ status }) => status);

    expect(statuses).toEqual(Array(CROWD).fill(200));
    expect(api.hits).toHaveLength(CROWD);
    expect(issuer.requests).toBe(1);
  });

  it('renews once for 200 parallel requests that are all refused', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    api.on('/all', guarded(echo(), together(CROWD, refuse())));
    const calls = Array.from({ length: CROWD }, () => outcome(driver, send({ url: api.url('/all') })));

    const statuses = (await Promise.all(calls)).map(({ status }) => status);

    expect(statuses).toEqual(Array(CROWD).fill(200));
    expect(api.hits).toHaveLength(2 * CROWD);
    expect(issuer.requests).toBe(2);
  });

  it('renews once when the 401s of one generation arrive one after the other', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    const gates = Array.from({ length: 20 }, () => deferred());
    const late = gates.map((gate) => held(gate.promise, refuse()));
    api.on('/late', guarded(echo(), sequence(...(late as [(typeof late)[0]]))));
    const calls = gates.map(() => outcome(driver, send({ url: api.url('/late') })));
    await api.arrived(gates.length);

    for (const [index, gate] of gates.entries()) {
      gate.resolve();
      // One more request has come: the refused one, sent again.
      await api.arrived(gates.length + index + 1);
    }

    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses).toEqual(Array(gates.length).fill(200));
    expect(issuer.requests).toBe(2);
  });

  it('lets requests that come during a renewal wait for it instead of sending what was refused', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    const release = issuer.hold();
    const first = outcome(driver, send({ url: api.url('/first') }));
    await issuer.asked(2);

    const second = outcome(driver, send({ url: api.url('/second') }));
    release();

    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    expect(api.hitsOf('/second')).toHaveLength(1);
    expect(issuer.requests).toBe(2);
  });
});
