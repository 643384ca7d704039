import type { AxiosError } from 'axios';
import { describe, expect, it } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { echo, mentions, redirect, refuse } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { AuthCookie, AuthSignature, adapters, clientOf, failure, setUp, testApi } from './fixture.ts';

describe.each(adapters)('%s', (adapter) => {
  it('signs every hop at home anew', async () => {
    const api = await testApi();
    api.on('/start', redirect(303, '/middle'));
    api.on('/middle', redirect(307, '/end'));
    api.on('/end', echo());

    await clientOf(api, new AuthSignature(), { adapter }).post(api.url('/start'), 'body');

    expect(api.hits.map(({ headers }) => headers['x-signature'])).toEqual([
      `${MARK} POST /start`,
      `${MARK} GET /middle`,
      `${MARK} GET /end`,
    ]);
    expect(api.hits.map(({ bodyLength, contentType }) => [bodyLength, contentType === undefined])).toEqual([
      [4, false],
      [0, true],
      [0, true],
    ]);
  });

  it("keeps the caller's own cookies beside ours at home", async () => {
    const api = await testApi();
    api.on('/start', redirect(302, '/end'));
    api.on('/end', echo());

    await clientOf(api, new AuthCookie(), { adapter }).get(api.url('/start'), { headers: { cookie: 'theme=dark' } });

    expect(api.hits.map(({ headers }) => headers.cookie)).toEqual(Array(2).fill(`theme=dark; session=${MARK}`));
  });

  it("leaves the caller's other headers to axios", async () => {
    const api = await testApi();
    const other = await testApi();
    api.on('/start', redirect(302, other.url('/end')));
    other.on('/end', echo());

    await clientOf(api, new AuthSignature(), { adapter }).get(api.url('/start'), { headers: { 'x-trace': 'abc' } });

    expect(other.hits.map(({ headers }) => headers['x-trace'])).toEqual(['abc']);
    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
  });

  it("gives a foreign server neither ours nor the caller's header that ours has replaced", async () => {
    const api = await testApi();
    const other = await testApi();
    api.on('/start', redirect(302, '/middle'));
    api.on('/middle', redirect(302, other.url('/end')));
    other.on('/end', echo());

    await clientOf(api, new AuthSignature(), { adapter }).get(api.url('/start'), {
      headers: { 'X-Signature': 'theirs' },
    });

    expect(api.hits.map((hit) => mentions(hit, MARK))).toEqual([true, true]);
    expect(other.hits.map(({ headers }) => headers['x-signature'])).toEqual([undefined]);
  });

  it('signs at every origin that `origins` names, and at no other', async () => {
    const api = await testApi();
    const [friend, stranger] = [await testApi(), await testApi()];
    api.on('/start', redirect(302, friend.url('/middle')));
    friend.on('/middle', redirect(302, stranger.url('/end')));
    stranger.on('/end', echo());
    const auth = new TestAuth(new TokenIssuer(api), 'authorization', { origins: [api.origin, friend.origin] });

    await clientOf(api, auth, { adapter }).get(api.url('/start'));

    expect([api, friend, stranger].map(({ hits: [hit] }) => hit && mentions(hit, MARK))).toEqual([true, true, false]);
  });

  it('keeps two authenticators apart from a foreign server', async () => {
    const api = await testApi();
    const other = await testApi();
    api.on('/start', redirect(307, '/middle'));
    api.on('/middle', redirect(307, other.url('/end')));
    other.on('/end', echo());
    const client = clientOf(api, new TestAuth(new TokenIssuer(), 'header'), { adapter });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(), 'query'), { origins: [api.origin] }));

    await client.post(api.url('/start'), 'kept');

    expect(
      api.hits.map(({ headers, query }) => [headers['x-api-key'], query.api_key].map((v) => v?.includes(MARK))),
    ).toEqual(Array(2).fill([true, true]));
    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(Buffer.from(other.hits[0]?.body ?? []).toString()).toBe('kept');
  });

  it('goes no further than maxRedirects allows', async () => {
    const api = await testApi();
    api.on('/start', redirect(302, '/end'));

    const error = await failure<AxiosError>(
      clientOf(api, new AuthSignature(), { adapter, maxRedirects: 0 }).get(api.url('/start')),
    );

    expect(error.response?.status).toBe(302);
    expect(api.hits).toHaveLength(1);
  });
});

describe('http', () => {
  const adapter = 'http';

  it("calls the caller's beforeRedirect, with nothing signed in sight", async () => {
    const { api, client } = await setUp({ adapter }, { placement: 'query' });
    client.interceptors.request.use(axiosAuth(new AuthSignature(), { origins: [api.origin] }));
    api.on('/start', redirect(302, '/middle'));
    api.on('/middle', redirect(302, '/end'));
    api.on('/end', echo());
    const seen: unknown[] = [];

    await client.get(api.url('/start?a=1'), {
      beforeRedirect: (options, response, request) => {
        seen.push(options.href, response.statusCode, request?.url);
        expect(JSON.stringify([options.headers, options.path, request])).not.toContain(MARK);
        options.headers['x-hop'] = 'by the caller';
      },
    });

    expect(seen).toEqual([api.url('/middle'), 302, api.url('/start?a=1'), api.url('/end'), 302, api.url('/middle')]);
    expect(api.hits.slice(1).map(({ headers }) => headers['x-hop'])).toEqual(Array(2).fill('by the caller'));
  });

  it('lets the caller stop a redirect', async () => {
    const { api, client } = await setUp({ adapter });
    api.on('/start', redirect(302, '/end'));
    const config = {
      beforeRedirect: () => {
        throw new Error('not there');
      },
    };

    expect(await failure<Error>(client.get(api.url('/start'), config))).toMatchObject({
      message: expect.stringContaining('not there'),
    });
    expect(api.hits).toHaveLength(1);
  });

  it('leaves a hop unsigned whose signature cannot be had at once, and draws no conclusion', async () => {
    const api = await testApi();
    api.on('/start', redirect(302, '/end'));
    api.on('/end', refuse());
    const auth = new AuthSignature(true);

    const error = await failure<AxiosError>(clientOf(api, auth, { adapter }).get(api.url('/start')));

    expect(error.response?.status).toBe(401);
    expect(api.hits.map((hit) => mentions(hit, MARK))).toEqual([true, false]);
    expect(auth.refusals).toEqual([]);
  });

  it('does not let such a late signature go on to another server', async () => {
    const api = await testApi();
    const other = await testApi();
    api.on('/start', redirect(302, '/middle'));
    api.on('/middle', redirect(302, other.url('/end')));
    other.on('/end', echo());

    await clientOf(api, new AuthSignature(true), { adapter }).get(api.url('/start'));

    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
  });

  it('tells the final URL where axios users look for it, without our key', async () => {
    const { api, client } = await setUp({ adapter }, { placement: 'query' });
    api.on('/start', redirect(302, '/end?b=2'));
    api.on('/end', echo());

    const direct = await client.get(api.url('/end?a=1'));
    const led = await client.get(api.url('/start'));

    expect(direct.request.res.responseUrl).toBe(api.url('/end?a=1'));
    expect(led.request.res.responseUrl).toBe(api.url('/end?b=2'));
  });
});
