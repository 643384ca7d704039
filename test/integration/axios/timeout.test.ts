import { AxiosError, type AxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { adapters, failure, setUp, setUpExpired } from './fixture.ts';

describe.each(adapters)('%s: the timeout of axios', (adapter) => {
  it.each([setUp, setUpExpired])('limits the wait for a credential (%#)', async (prepare) => {
    const { api, issuer, client } = await prepare({ adapter });
    const release = issuer.hold();

    const error = await failure(client.get(api.url('/waiting'), { timeout: 200 }));

    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 200ms exceeded' });
    release();
    expect((await client.get(api.url('/next'))).status).toBe(200);
    expect(api.hitsOf('/waiting')).toHaveLength(prepare === setUp ? 0 : 1);
  });

  const told: AxiosRequestConfig = {
    timeout: 100,
    timeoutErrorMessage: 'too slow',
    transitional: { clarifyTimeoutError: true },
  };

  it('is reported as the caller wants it', async () => {
    const { api, issuer, client } = await setUp({ adapter });
    issuer.hold();

    expect(await failure(client.get(api.url('/waiting'), told))).toMatchObject({
      code: 'ETIMEDOUT',
      message: 'too slow',
      config: { url: api.url('/waiting') },
    });
  });

  it('ends no call that waits for less', async () => {
    const { api, issuer, client } = await setUp({ adapter });
    const release = issuer.hold();
    const call = client.get(api.url('/waiting'), { timeout: 20_000 });
    await issuer.asked(1);

    release();

    expect((await call).status).toBe(200);
  });
});
