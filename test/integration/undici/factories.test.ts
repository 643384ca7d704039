import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { undiciAuth, type WithBodyFactory } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { sha256, startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

async function setUp() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  const issuer = new TokenIssuer(api);
  const agent = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }));
  await (await agent.request({ origin: api.origin, path: '/', method: 'GET' })).body.dump();
  issuer.expire();
  api.forget();
  return { api, agent };
}

describe('a bodyFactory', () => {
  const body = () => Readable.from([Buffer.from('one '), Buffer.from('two')]);
  const sent = { bodySha256: sha256('one two') };

  it('resends what stream() uploads', async () => {
    const { api, agent } = await setUp();
    const chunks: Buffer[] = [];
    const options: WithBodyFactory<Dispatcher.RequestOptions> = {
      origin: api.origin,
      path: '/',
      method: 'POST',
      bodyFactory: body,
    };

    const { opaque } = await agent.stream({ ...options, opaque: chunks }, () => {
      return new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
    });

    expect(JSON.parse(Buffer.concat(opaque as Buffer[]).toString())).toMatchObject(sent);
    expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual([sent.bodySha256, sent.bodySha256]);
  });

  it('resends what pipeline() uploads, in place of what is written to it', async () => {
    const { api, agent } = await setUp();
    const options: WithBodyFactory<Dispatcher.PipelineOptions> = {
      origin: api.origin,
      path: '/',
      method: 'POST',
      bodyFactory: body,
    };

    const duplex = agent.pipeline(options, ({ body: answer }) => answer);
    duplex.end();

    expect(JSON.parse(await text(duplex))).toMatchObject(sent);
    expect(api.hits).toHaveLength(2);
  });
});
