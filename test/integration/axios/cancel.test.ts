import axios, { type AxiosRequestConfig, CanceledError } from 'axios';
import { describe, expect, it, onTestFinished } from 'vitest';
import { guarded, hang } from '../../helpers/protected-api.ts';
import { adapters, failure, setUp, setUpExpired } from './fixture.ts';

/** A way to cancel a request. */
interface Canceller {
  readonly config: AxiosRequestConfig;
  cancel(): void;
}

const ways: readonly { readonly way: string; readonly make: () => Canceller }[] = [
  { way: 'signal', make: bySignal },
  { way: 'cancelToken', make: byToken },
  { way: 'cancelToken beside a signal', make: () => both(byToken(), bySignal()) },
  { way: 'signal beside a cancelToken', make: () => both(bySignal(), byToken()) },
];

const cases = adapters.flatMap((adapter) => ways.map((way) => ({ adapter, ...way })));

describe.each(cases)('$adapter, $way', ({ adapter, make }) => {
  it('cancels while the first credential is on its way', async () => {
    const { api, issuer, client } = await setUp({ adapter });
    onTestFinished(issuer.hold());
    const { config, cancel } = make();
    const call = failure(client.get(api.url('/waiting'), config));
    await issuer.asked(1);

    cancel();

    expect(await call).toBeInstanceOf(CanceledError);
    expect(api.hits).toHaveLength(0);
  });

  it('cancels during a renewal, and sends nothing more', async () => {
    const { api, issuer, client } = await setUpExpired({ adapter });
    const release = issuer.hold();
    const { config, cancel } = make();
    const call = failure(client.get(api.url('/waiting'), config));
    await issuer.asked(2);

    cancel();

    const error = await call;
    release();
    expect(error).toBeInstanceOf(CanceledError);
    expect((await client.get(api.url('/next'))).status).toBe(200);
    expect(api.hitsOf('/waiting')).toHaveLength(1);
  });

  it('cancels the resend', async () => {
    const { api, client } = await setUpExpired({ adapter });
    api.on('/hanging', guarded(hang()));
    const { config, cancel } = make();
    const call = failure(client.get(api.url('/hanging'), config));
    await api.arrived(2);

    cancel();

    expect(await call).toBeInstanceOf(CanceledError);
  });

  it('is not heard after the answer, and leaves nothing behind', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const { config, cancel } = make();

    const { status } = await client.get(api.url('/done'), config);
    cancel();

    expect(status).toBe(200);
    expect((config.cancelToken as { _listeners?: unknown[] } | undefined)?._listeners ?? []).toEqual([]);
  });
});

function bySignal(): Canceller {
  const controller = new AbortController();
  return { config: { signal: controller.signal }, cancel: () => controller.abort() };
}

function byToken(): Canceller {
  const { token, cancel } = axios.CancelToken.source();
  return { config: { cancelToken: token }, cancel: () => cancel() };
}

/** Cancelled by the first, while the second stays silent. */
function both(first: Canceller, second: Canceller): Canceller {
  return { config: { ...first.config, ...second.config }, cancel: first.cancel };
}
