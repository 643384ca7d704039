import { Agent as HttpsAgent } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Got } from 'got';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import { leaks } from '../../helpers/leaks.ts';
import type { ProtectedApi } from '../../helpers/protected-api.ts';
import { type Placement, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { failure, versions } from './fixture.ts';
import { type OtherServer, startOther } from './servers.ts';

const kinds = ['https', 'http2', 'unix'] as const;
type Kind = (typeof kinds)[number];
const cases = kinds.flatMap((kind) => (['authorization', 'query'] as const).map((placement) => ({ kind, placement })));

describe.each(versions)('$name', ({ got }) => {
  it.each(cases)('renews over $kind, credential in $placement', async ({ kind, placement }) => {
    const { client, server, issuer } = await setUpOther(got, kind, placement);
    await client(`${server.base}/warm-up?a=1`);
    issuer.expire();

    const { body } = await client.post(`${server.base}/upload?a=1`, { body: 'sent twice' });

    expect(body).toBe('POST sent twice');
    expect(server.seen.map((seen) => seen.body)).toEqual(['', 'sent twice', 'sent twice']);
    expect(new Set(server.seen.map(({ httpVersion }) => httpVersion))).toEqual(
      new Set([kind === 'http2' ? '2.0' : '1.1']),
    );
    expect(server.seen.every(({ path }) => /^\/(warm-up|upload)\?a=1/.test(path))).toBe(true);
    expect(issuer.requests).toBe(2);
  });

  it.each(cases)('signs a stream over $kind, credential in $placement, and renews after a 401', async (given) => {
    const { client, server, issuer } = await setUpOther(got, given.kind, given.placement);
    expect(await text(client.stream(`${server.base}/cold`))).toBe('GET ');
    issuer.expire();

    expect((await failure(text(client.stream(`${server.base}/refused`)))).response.statusCode).toBe(401);
    await issuer.asked(2);

    expect(await text(client.stream(`${server.base}/next`))).toBe('GET ');
  });

  it.each(cases)('holds no credential in answers and errors over $kind (in $placement)', async (given) => {
    const { client, server, issuer } = await setUpOther(got, given.kind, given.placement);

    const response = await client(`${server.base}/fine`);
    issuer.issueWorthless();
    const error = await failure(client(`${server.base}/bad`));

    expect(response.statusCode).toBe(200);
    expect(leaks(response, MARK)).toEqual([]);
    expect(error.response.statusCode).toBe(401);
    expect(leaks(error, MARK)).toEqual([]);
    expect(leaks(error.response, MARK)).toEqual([]);
    expect(leaks(error.request, MARK)).toEqual([]);
    expect(leaks(error.options, MARK)).toEqual([]);
  });

  it.each(kinds)('does not wait for the end of a refused response over %s', { timeout: 5000 }, async (kind) => {
    const { client, server, issuer } = await setUpOther(got, kind, 'authorization');
    await client(`${server.base}/warm-up`);
    issuer.expire();

    expect((await client(`${server.base}/open`)).body).toBe('GET ');
    expect(server.seen).toHaveLength(3);
  });

  it("keeps got's time limits over HTTP/2", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, resolve));
    const sockets: Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { client } = await setUpOther(got, 'http2', 'query');
    const { port } = silent.address() as AddressInfo;

    const error = await failure(client(`https://localhost:${port}/`, { timeout: { secureConnect: 50 } }));

    expect(error.code).toBe('ETIMEDOUT');
  });

  it('gives nothing to another Unix socket than that of the base URL', async () => {
    const { server, issuer } = await setUpOther(got, 'unix', 'authorization');
    const other = await startOther('unix', new Set());
    const client = got.extend({ prefixUrl: server.base, enableUnixSockets: true }, gotAuth(new TestAuth(issuer)));

    await client('mine');
    await failure(client(new URL(`${other.base}/foreign`)));

    expect(server.seen.map(({ authorization }) => authorization)).toEqual([`Bearer ${issuer.latest}`]);
    expect(other.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('holds no credential in a connection pool that the options name', async () => {
    const https = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
    const { client, server } = await setUpOther(got, 'https', 'authorization');
    const pooled = client.extend({ agent: { https } });

    const waiting = [pooled(`${server.base}/one`), pooled(`${server.base}/two`)];
    await waiting[0];

    expect(leaks(https, MARK)).toEqual([]);
    await Promise.all(waiting);
    https.destroy();
  });
});

interface OtherSetup {
  readonly client: Got;
  readonly server: OtherServer;
  readonly issuer: TokenIssuer;
}

async function setUpOther(got: Got, kind: Kind, placement: Placement): Promise<OtherSetup> {
  const good = new Set<string>();
  const server = await startOther(kind, good);
  const api: Pick<ProtectedApi, 'accept' | 'revoke'> = {
    accept: (...tokens) => {
      for (const token of tokens) good.add(token);
    },
    revoke: (...tokens) => {
      for (const token of tokens) good.delete(token);
    },
  };
  const issuer = new TokenIssuer(api as ProtectedApi);
  const client = got.extend(
    { enableUnixSockets: true, http2: kind === 'http2', https: { rejectUnauthorized: false } },
    gotAuth(new TestAuth(issuer, placement), { origins: [server.base.replace(/^http:\/\/unix(.*):$/, 'unix:$1')] }),
  );
  return { client, server, issuer };
}
