import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Got } from 'got';
import { describe, expect, it, vi } from 'vitest';
import type { GotAuthContext } from '../../../src/adapters/got.ts';
import { CredentialError } from '../../../src/errors.ts';
import { echo, fail, redirect, refuse, sequence, sha256 } from '../../helpers/protected-api.ts';
import { placements } from '../../helpers/test-auth.ts';
import { failure, presented, setUp, setUpExpired, versions } from './fixture.ts';

describe.each(versions)('$name', ({ got }) => {
  it.each(placements)('signs a stream, also one that has to wait for its credential (%s)', async (placement) => {
    const { api, issuer, client } = await setUp(got, { placement });

    const cold = JSON.parse(await text(client.stream(api.url('/cold'))));
    const warm = JSON.parse(await text(client.stream(api.url('/warm'))));

    expect([cold.path, warm.path]).toEqual(['/cold', '/warm']);
    expect(issuer.requests).toBe(1);
  });

  it('surfaces a 401, and renews for the next call', async () => {
    const { api, issuer, client } = await setUpExpired(got);

    const error = await failure(text(client.stream(api.url('/refused'))));
    await issuer.asked(2);

    expect(error.response.statusCode).toBe(401);
    expect(await text(client.stream(api.url('/next')))).toContain('/next');
    expect(api.hits).toHaveLength(2);
  });

  it('gives the body of a 401 to a caller who wants no errors', async () => {
    const { api, client } = await setUp(got);
    api.on('/refused', refuse({ bodyBytes: 100_000 }));

    expect(await text(client.stream(api.url('/refused'), { throwHttpErrors: false }))).toHaveLength(100_000);
  });

  it('is not upset when that renewal fails', async () => {
    const { api, issuer, client } = await setUpExpired(got);
    issuer.failWith(new Error('the token endpoint is on fire'));

    expect((await failure(text(client.stream(api.url('/refused'))))).response.statusCode).toBe(401);
  });

  it('fails with the reason when there is no first credential', async () => {
    const { api, issuer, client } = await setUp(got);
    issuer.failWith(new Error('the token endpoint is on fire'));

    expect(await failure(text(client.stream(api.url('/unsigned'))))).toBeInstanceOf(CredentialError);
    expect(api.hits).toHaveLength(0);
  });

  it('sends what is piped into it, once its credential is there', async () => {
    const { api, issuer, client } = await setUp(got);
    const release = issuer.hold();
    const upload = client.stream.post(api.url('/piped'));
    const chunks = ['one ', 'after ', 'the other'];
    const sent = pipeline(Readable.from(chunks), upload, async (source) => text(source as Readable));
    await issuer.asked(1);
    expect(api.hits).toHaveLength(0);
    release();

    expect(JSON.parse(await sent)).toMatchObject({ bodySha256: sha256(chunks.join('')) });
  });

  it('takes a body from a factory', async () => {
    const { api, client } = await setUp(got);
    const context: GotAuthContext = { bodyFactory: () => Readable.from(['fresh']) };

    expect(await text(client.stream.post(api.url('/made'), { context }))).toContain(sha256('fresh'));
  });

  describe('where the caller makes a retried stream anew', () => {
    /** Reads a stream as got's documentation shows it. */
    function read(stream: ReturnType<Got['stream']>): Promise<string> {
      return new Promise((resolve, reject) => {
        stream.once('retry', (_count, _error, again) => read(again()).then(resolve, reject));
        text(stream).then(resolve, (error: unknown) => {
          if (stream.listenerCount('retry') > 0) reject(error);
        });
      });
    }

    it('resends a refused download', async () => {
      const { api, client, issuer } = await setUpExpired(got);
      const context: GotAuthContext = { onResend: vi.fn() };

      expect(JSON.parse(await read(client.stream(api.url('/file'), { context })))).toMatchObject({ path: '/file' });
      expect(api.hits).toHaveLength(2);
      expect(issuer.requests).toBe(2);
      expect(context.onResend).toHaveBeenCalledTimes(1);
    });

    it('resends an upload with a fresh body', async () => {
      const { api, client } = await setUpExpired(got);
      let made = 0;
      const bodyFactory = () => {
        made += 1;
        return Readable.from(['one ', 'two']);
      };
      const context: GotAuthContext = { bodyFactory };

      const echoed = await read(client.stream.post(api.url('/upload'), { context }));

      expect(JSON.parse(echoed)).toMatchObject({ bodySha256: sha256('one two') });
      expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual([sha256('one two'), sha256('one two')]);
      expect(made).toBe(2);
    });

    it('gives up after one renewal', async () => {
      const { api, client, issuer } = await setUpExpired(got);
      issuer.issueWorthless();

      expect((await failure(read(client.stream(api.url('/file'))))).response.statusCode).toBe(401);
      expect(api.hits).toHaveLength(2);
    });

    it("leaves other failures to got's rules", async () => {
      const { api, client } = await setUp(got);
      api.on('/busy', sequence(fail(503), echo()));
      api.on('/gone', fail(404));
      const options = { retry: { limit: 1 } };

      expect(JSON.parse(await read(client.stream(api.url('/busy'), options)))).toMatchObject({ path: '/busy' });
      expect((await failure(read(client.stream(api.url('/gone'), options)))).response.statusCode).toBe(404);
      expect(api.hitsOf('/gone')).toHaveLength(1);
    });

    it('does not resend what was piped into it', async () => {
      const { api, client, issuer } = await setUpExpired(got);
      const upload = client.stream.post(api.url('/piped'));
      const refused = failure(read(upload));
      upload.end('once');

      expect((await refused).response.statusCode).toBe(401);
      await issuer.asked(2);
      expect(api.hits).toHaveLength(1);
    });
  });

  it('signs the hops of a redirect, and a retry that the caller makes', async () => {
    const { api, issuer, client } = await setUp(got);
    api.on('/old', redirect(302, '/new'));
    api.on('/new', sequence(fail(500), echo()));
    const body = new Promise<string>((resolve, reject) => {
      const read = (stream: ReturnType<typeof client.stream>) => {
        stream.once('retry', (_count, _error, createRetryStream) => read(createRetryStream()));
        stream.once('response', () => text(stream).then(resolve, reject));
        stream.once('error', reject);
      };
      read(client.stream(api.url('/old'), { retry: { limit: 1 } }));
    });

    expect(await body).toContain('/new');
    expect(presented(api)).toEqual([issuer.latest, issuer.latest, issuer.latest]);
  });

  it('frees the caller at once who destroys it while the credential is awaited', async () => {
    const { api, issuer, client } = await setUp(got);
    const release = issuer.hold();
    const stream = client.stream(api.url('/destroyed'));
    const closed = new Promise((resolve) => stream.once('close', resolve));
    await issuer.asked(1);

    stream.destroy();
    await closed;
    release();
    await client(api.url('/after'));

    expect(api.hits.map(({ path }) => path)).toEqual(['/after']);
  });
});
