import { describe, expect, it, vi } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { echo, guarded, redirect, refuse } from '../../helpers/protected-api.ts';
import { outcome, setUp, setUpExpired } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it('sends only the hop again that was refused: a POST that a 303 has answered has had its effect', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    api.on('/transfer', ({ response }) => void response.writeHead(303, { location: '/receipt' }).end());
    api.on('/receipt', guarded());

    const { status } = await outcome(driver, send({ method: 'POST', url: api.url('/transfer'), json: { amount: 1 } }));

    expect(status).toBe(200);
    expect(issuer.requests).toBe(2);
    expect(api.hitsOf('/transfer')).toHaveLength(1);
    expect(api.hitsOf('/receipt').map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('sends nothing to a foreign server again', async () => {
    const { api, send } = await setUp(driver);
    api.on('/start', redirect(307, `${api.originAs('localhost')}/landing`));
    api.on('/landing', refuse());

    await outcome(driver, send({ method: 'POST', url: api.url('/start'), json: {} }));

    expect(api.hitsOf('/start')).toHaveLength(1);
    expect(api.hitsOf('/landing')).toHaveLength(1);
  });
});

describe.each(drivers.filter(({ capabilities }) => capabilities.takesCallOptions))('$name', (driver) => {
  it('leaves a call alone that says `skipAuth`', async () => {
    const { api, issuer, send } = await setUp(driver);
    api.on('/login', refuse());

    const { status } = await outcome(driver, send({ url: api.url('/login'), auth: { skipAuth: true } }));

    expect(status).toBe(401);
    expect(api.hits.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(issuer.requests).toBe(0);
  });

  it('does not send a call again that says `resend: false`, and renews for the next one', async () => {
    const { api, issuer, send } = await setUpExpired(driver);

    const { status } = await outcome(driver, send({ url: api.url('/once'), auth: { resend: false } }));
    await issuer.asked(2);

    expect(status).toBe(401);
    expect(api.hitsOf('/once')).toHaveLength(1);
    expect((await outcome(driver, send({ url: api.url('/next') }))).status).toBe(200);
  });

  it('takes for refused what a call says, and tells it of the resend', async () => {
    const { api, issuer, send } = await setUp(driver);
    await outcome(driver, send({ url: api.url('/warm-up') }));
    api.forget();
    let calls = 0;
    api.on('/odd', (answer) => {
      calls += 1;
      if (calls > 1) return echo()(answer);
      answer.response.writeHead(403).end();
    });
    const onResend = vi.fn();

    const { status } = await outcome(driver, send({ url: api.url('/odd'), auth: { refusedWhen: [403], onResend } }));

    expect(status).toBe(200);
    expect(issuer.requests).toBe(2);
    expect(onResend.mock.calls).toEqual([[{ status: 403, reason: 'refused' }]]);
  });
});
