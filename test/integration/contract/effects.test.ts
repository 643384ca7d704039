import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { echo, guarded, type Responder, redirect } from '../../helpers/protected-api.ts';
import { outcome, setUp } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it.each([301, 302, 303])(
    'a POST that was answered by %i is not sent again for the refused hop behind it',
    async (status) => {
      const { api, issuer, send } = await setUp(driver);
      const expire: Responder = (call) => {
        issuer.expire();
        return redirect(status, '/result?of=order')(call);
      };
      api.on('/order', guarded(expire));

      const { status: final, text } = await outcome(
        driver,
        send({ url: api.url('/order'), method: 'POST', json: { order: 1 }, headers: { 'x-mine': 'kept' } }),
      );

      expect(final).toBe(200);
      expect(api.hits.map(({ path }) => path)).toEqual(['/order', '/result', '/result']);
      const [, hop, resent] = api.hits;
      for (const name of ['method', 'query', 'bodySha256', 'contentType'] as const)
        expect(resent?.[name]).toEqual(hop?.[name]);
      expect(resent).toMatchObject({ query: { of: 'order' }, headers: { 'x-mine': 'kept' } });
      expect(JSON.parse(text ?? '')).toMatchObject({ path: '/result' });
    },
  );

  it.each([307, 308])('a POST behind a %i is sent again alone, body and all', async (status) => {
    const { api, issuer, send } = await setUp(driver);
    const expire: Responder = (call) => {
      issuer.expire();
      return redirect(status, '/here')(call);
    };
    api.on('/order', guarded(expire));
    api.on('/here', guarded(echo()));

    const { status: final } = await outcome(
      driver,
      send({ url: api.url('/order'), method: 'POST', json: { order: 1 } }),
    );

    const sent = api.hits.map(({ method, path, bodyLength }) => `${method} ${path} ${bodyLength}`);
    if (driver.capabilities.replaysBodies) {
      expect(final).toBe(200);
      expect(sent).toEqual(['POST /order 11', 'POST /here 11', 'POST /here 11']);
    } else expect(sent[0]).toBe('POST /order 11');
  });
});
