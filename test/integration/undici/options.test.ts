import { EventEmitter } from 'node:events';
import { type Dispatcher, errors } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { undiciAuth, type WithAuthOptions } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { fail, hang, startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';

type Options = Parameters<Dispatcher['request']>[0];

async function testApi() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

async function setUp() {
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  const agent = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }));
  return { api, issuer, agent };
}

describe('what a caller gives is read at the call', () => {
  it.each(['before the first request', 'before the resend'])('%s', async (when) => {
    const { api, issuer, agent } = await setUp();
    const foreign = await testApi();
    if (when === 'before the resend') {
      await (await agent.request({ origin: api.origin, path: '/', method: 'GET' })).body.dump();
      issuer.expire();
      api.forget();
    }
    const release = issuer.hold();
    const origin = new URL(api.origin);
    const headers: Record<string, string> = { 'x-mine': 'first' };
    const query = { a: ['1'] };
    const options: Options = { origin, path: '/mine', method: 'GET', headers, query };

    const call = agent.request(options);
    await issuer.asked(when === 'before the resend' ? 2 : 1);
    origin.host = new URL(foreign.origin).host;
    headers['x-mine'] = 'second';
    query.a.push('2');
    Object.assign(options, { origin: foreign.origin, path: '/other', method: 'DELETE' });
    release();

    expect((await call).statusCode).toBe(200);
    expect(foreign.hits).toEqual([]);
    expect(api.hits.at(-1)).toMatchObject({
      method: 'GET',
      path: '/mine',
      query: { a: '1' },
      headers: { 'x-mine': 'first' },
    });
  });

  it('also where headers are a list', async () => {
    const { api, issuer, agent } = await setUp();
    const release = issuer.hold();
    const headers = ['x-mine', 'first'];

    const call = agent.request({ origin: api.origin, path: '/', method: 'GET', headers });
    await issuer.asked(1);
    headers[1] = 'second';
    release();
    await call;

    expect(api.hits[0]?.headers['x-mine']).toBe('first');
  });
});

describe('options of one call', () => {
  it('sends without a credential', async () => {
    const { api, issuer, agent } = await setUp();
    const login: WithAuthOptions<Options> = { origin: api.origin, path: '/login', method: 'POST', skipAuth: true };

    expect((await agent.request(login)).statusCode).toBe(401);

    expect(issuer.requests).toBe(0);
    expect(JSON.stringify(api.hits)).not.toContain(MARK);
  });

  it('sends once, and says what refuses and what was resent', async () => {
    const { api, agent } = await setUp();
    const resends: unknown[] = [];
    const onResend = (resend: unknown) => void resends.push(resend);
    api.on('/403', fail(403));
    const call: WithAuthOptions<Options> = {
      origin: api.origin,
      path: '/403',
      method: 'GET',
      refusedWhen: [403],
      onResend,
    };

    await (await agent.request({ origin: api.origin, path: '/', method: 'GET' })).body.dump();
    await (await agent.request(call)).body.dump();
    expect(api.hitsOf('/403')).toHaveLength(2);
    await (await agent.request({ ...call, resend: false } as typeof call)).body.dump();
    expect(api.hitsOf('/403')).toHaveLength(3);
    expect(resends).toEqual([{ status: 403, reason: 'refused' }]);
  });
});

describe('an abort through an EventEmitter', () => {
  it.each(['while the token is fetched', 'on the wire'])('is an error of undici %s', async (when) => {
    const { api, issuer, agent } = await setUp();
    api.on('/hanging', hang());
    const signal = new EventEmitter();
    const release = issuer.hold();
    if (when === 'on the wire') release();

    const call = agent.request({ origin: api.origin, path: '/hanging', method: 'GET', signal });
    await (when === 'on the wire' ? api.arrived(1) : issuer.asked(1));
    signal.emit('abort');

    await expect(call).rejects.toBeInstanceOf(errors.RequestAbortedError);
    release();
  });
});
