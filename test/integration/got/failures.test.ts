import type { RequestError } from 'got';
import { describe, expect, it } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import { AuthError, CredentialError } from '../../../src/errors.ts';
import { hang } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';
import { failure, presented, setUp, setUpExpired, versions } from './fixture.ts';

describe.each(versions)('$name', ({ got }) => {
  describe('when no credential is to be had', () => {
    it.each(['first', 'renewed'] as const)('gives the error as it is (%s)', async (which) => {
      const { api, issuer, client } = await (which === 'first' ? setUp : setUpExpired)(got);
      const reason = new Error('the token endpoint is on fire');
      issuer.failWith(reason);

      const error = await failure(client(api.url('/failing')));

      expect(error).toBeInstanceOf(CredentialError);
      expect(error.cause).toBe(reason);
    });

    it("gives it to the caller's beforeError hooks in got's own form", async () => {
      const { api, issuer, client } = await setUp(got);
      issuer.failWith(new Error('the token endpoint is on fire'));
      const names: string[] = [];
      const beforeError = (error: RequestError) => {
        names.push(error.name);
        return error;
      };

      await failure(client(api.url('/failing'), { hooks: { beforeError: [beforeError] } }));

      expect(names).toEqual(['RequestError']);
    });

    it('rejects when it takes too long, and does not retry', async () => {
      const { api, issuer, auth } = await setUp(got);
      issuer.hold();

      const error = await failure(
        got.extend(gotAuth(auth, { origins: [api.origin], deadlineMs: 20 }))(api.url('/late'), { retry: { limit: 2 } }),
      );

      expect(error).toBeInstanceOf(AuthError);
      expect(error.code).toBe('ERR_AUTH_TIMEOUT');
      expect(issuer.requests).toBe(1);
    });
  });

  it.each(['first', 'renewed'] as const)('limits the wait for a credential like a request (%s)', async (which) => {
    const { api, issuer, client } = await (which === 'first' ? setUp : setUpExpired)(got);
    issuer.hold();

    const error = await failure(client(api.url('/slow'), { timeout: { request: 200 } }));

    expect(error).toMatchObject({ code: 'ETIMEDOUT', message: "Timeout awaiting 'request' for 200ms" });
    expect(api.hits).toHaveLength(which === 'first' ? 0 : 1);
  });

  it('waits anew when got retries what has waited too long', async () => {
    const { api, issuer, client } = await setUp(got);
    const release = issuer.hold();
    const beforeRetry = () => release();

    const call = client(api.url('/slow'), {
      timeout: { request: 200 },
      retry: { limit: 1 },
      hooks: { beforeRetry: [beforeRetry] },
    });

    expect((await call).statusCode).toBe(200);
  });

  it('leaves mistakes in the options to got', async () => {
    const { client } = await setUp(got);

    expect((await failure(client('http://localhost/', { timeout: 1 as never }))).name).toBe('RequestError');
    expect((await failure(client(''))).name).toBe('RequestError');
  });

  it('wants an authenticator and sensible options', () => {
    const auth = new TestAuth(new TokenIssuer());
    expect(() => gotAuth({} as never)).toThrow(/authenticator/);
    expect(() => gotAuth(auth, { headerPolicy: 'keep' as never })).toThrow(/headerPolicy/);
  });

  it('hangs nobody who aborts while the credential is awaited', async () => {
    const { api, issuer, client } = await setUpExpired(got);
    api.on('/hanging', hang());
    const release = issuer.hold();
    const controller = new AbortController();
    const call = failure(client(api.url('/aborted'), { signal: controller.signal }));
    await issuer.asked(2);
    controller.abort();

    expect((await call).name).toBe('AbortError');
    release();
    expect(presented(api)).toHaveLength(1);
  });
});

describe('got 14', () => {
  it('can be cancelled while the first credential is awaited, and sends nothing then', async () => {
    const { got } = versions[1] as (typeof versions)[number];
    const { api, issuer, client } = await setUp(got);
    const release = issuer.hold();
    const call = client(api.url('/cancelled')) as unknown as Promise<unknown> & { cancel(): void };
    const failed = failure(call);
    await issuer.asked(1);

    call.cancel();
    expect((await failed).name).toBe('CancelError');
    release();
    await client(api.url('/after'));

    expect(api.hits.map(({ path }) => path)).toEqual(['/after']);
  });
});
