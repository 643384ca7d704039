import { Agent, type ClientRequest } from 'node:http';
import { format, inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { AxiosError, type AxiosResponse } from 'axios';
import { describe, expect, it, onTestFinished } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { deferred } from '../../helpers/deferred.ts';
import { leaks } from '../../helpers/leaks.ts';
import { echo, fail, hang, held, type Responder, redirect } from '../../helpers/protected-api.ts';
import { placements, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { adapters, failure, setUp } from './fixture.ts';

const everywhere = adapters.flatMap((adapter) => placements.map((placement) => ({ adapter, placement })));

/** A body that begins and does not end. */
const endless: Responder = ({ response }) => void response.writeHead(200).write('x'.repeat(10_000));

/** What can be told of a value in JSON; a circular structure can't. */
function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** Reads a body until it breaks off. */
async function breakOff(data: AsyncIterable<unknown>): Promise<AxiosError> {
  return failure<AxiosError>(
    (async () => {
      for await (const _ of data);
    })(),
  );
}

describe.each(everywhere)('$adapter, credential in $placement', ({ adapter, placement }) => {
  it('is not in a response whose body is a stream', async () => {
    const { api, client } = await setUp({ adapter, responseType: 'stream' }, { placement });
    api.on('/endless', endless);
    const controller = new AbortController();

    const response = await client.get(api.url('/endless'), { signal: controller.signal });

    expect(leaks(response, MARK)).toEqual([]);
    const broken = breakOff(response.data);
    controller.abort();
    await broken;
  });

  it('is not in a response whose stream is unpacked', async () => {
    const { api, client } = await setUp({ adapter, responseType: 'stream' }, { placement });
    api.on('/packed', ({ response }) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('unpacked'));
    });

    const response = await client.get(api.url('/packed'));

    expect(leaks(response, MARK)).toEqual([]);
    // Memory that nobody has cleared: what had stood there before might be the headers of a request.
    expect(Object.keys(response.data)).not.toContain('_outBuffer');
    expect(await new Response(response.data).text()).toBe('unpacked');
  });

  it('is not in the error of a stream that grows too large', async () => {
    const { api, client } = await setUp({ adapter, responseType: 'stream', maxContentLength: 5000 }, { placement });
    api.on('/endless', endless);
    const { data } = await client.get(api.url('/endless'));

    const error = await breakOff(data);

    expect(error).toBeInstanceOf(AxiosError);
    expect(error.config?.url).toBe(api.url('/endless'));
    expect(leaks(error, MARK)).toEqual([]);
  });

  it('is not in the error of a stream that is aborted', async () => {
    const { api, client } = await setUp({ adapter, responseType: 'stream' }, { placement });
    api.on('/endless', endless);
    const controller = new AbortController();
    const { data } = await client.get(api.url('/endless'), { signal: controller.signal });

    const broken = breakOff(data);
    controller.abort();

    expect(leaks(await broken, MARK)).toEqual([]);
  });

  it('is not in an error of two authenticators', async () => {
    const { api, client } = await setUp({ adapter }, { placement });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(api), 'header'), { origins: [api.origin] }));
    api.on('/bad', fail(500));

    const error = await failure<AxiosError>(client.get(api.url('/bad')));

    expect(error.config).toBe(error.response?.config);
    expect(leaks(error, MARK)).toEqual([]);
    expect(leaks(error.response, MARK)).toEqual([]);
  });

  it('is not in the error of a body that is too large', async () => {
    const { api, client } = await setUp({ adapter, maxContentLength: 10 }, { placement });
    api.on('/large', ({ response }) => void response.end('x'.repeat(1000)));

    const error = await failure<AxiosError>(client.get(api.url('/large')));

    expect(error.message).toContain('maxContentLength');
    expect(leaks(error, MARK)).toEqual([]);
  });

  it.each([
    ['a status', '/bad'],
    ['a time-out', '/hanging'],
    ['a redirect', '/moved'],
  ])("is not where axios's own docs look for the reason of %s", async (_name, path) => {
    const { api, client } = await setUp({ adapter, timeout: 300 }, { placement });
    api.on('/bad', fail(500));
    api.on('/hanging', hang());
    api.on('/moved', redirect(307, api.url('/bad')));

    const error = await failure<AxiosError>(client.get(api.url(path)));

    const shown = { showHidden: true, depth: 8, maxStringLength: null };
    for (const value of [error, error.request, error.response, error.response?.request]) {
      const printed = `${inspect(value)} ${format('%o %O %j', value, value, safeJson(value))} ${inspect(value, shown)}`;
      expect(printed).not.toContain(MARK);
    }
  });

  it('is not in JSON of an error, whatever the config holds', async () => {
    const { api, client } = await setUp(
      { adapter, params: { q: 1 }, auth: { username: 'u', password: 'p' } },
      { placement },
    );
    api.on('/bad', fail(500));

    const error = await failure<AxiosError>(client.post(api.url('/bad'), { a: 1 }));

    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ config: { url: api.url('/bad'), params: { q: 1 } } });
    expect(leaks(error, MARK)).toEqual([]);
  });
});

describe('http', () => {
  it('is not found through an agent of the caller, not even while a request is on its way', async () => {
    const httpAgent = new Agent({ keepAlive: true });
    onTestFinished(() => httpAgent.destroy());
    const { api, client } = await setUp({ adapter: 'http', httpAgent });
    const gate = deferred();
    api.on('/slow', held(gate.promise, echo()));
    api.on('/hanging', hang());
    api.on('/bad', fail(500));
    const slow = client.get(api.url('/slow'));
    await api.arrived(1);

    const errors = [
      await failure(client.get(api.url('/bad'))),
      await failure(client.get(api.url('/hanging'), { timeout: 50 })),
    ];
    gate.resolve();

    for (const value of [...errors, await slow]) expect(leaks(value, MARK)).toEqual([]);
    expect(Object.keys(httpAgent.freeSockets)).not.toEqual([]);
  });

  it('leaves response.request readable, and out of print', async () => {
    const { api, client } = await setUp({ adapter: 'http' });

    const response: AxiosResponse = await client.get(api.url('/fine'));

    expect((response.request as ClientRequest).method).toBe('GET');
    expect(Object.keys(response)).not.toContain('request');
    expect(response.config.url).toBe(api.url('/fine'));
  });
});
