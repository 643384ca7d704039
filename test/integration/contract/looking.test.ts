import { afterEach, describe, expect, it, vi } from 'vitest';
import { Authenticator, type AuthRequest, type AuthResponse } from '../../../src/lifecycle/contract.ts';
import { drivers } from '../../helpers/clients.ts';
import { deferred } from '../../helpers/deferred.ts';
import { bound, testApi } from './fixture.ts';

/** Looks at the text of each response before it gives its verdict. */
class Reader extends Authenticator<string> {
  readonly asked = deferred();
  text: string | undefined;
  authenticate() {
    return 'key-of-reader';
  }
  modifyRequest(request: AuthRequest, key: string) {
    request.headers.set('authorization', `Bearer ${key}`);
  }
  override async checkResult(response: AuthResponse) {
    const read = response.readText?.();
    this.asked.resolve();
    this.text = await read;
    return true;
  }
}

afterEach(() => void vi.useRealTimers());

/** axios and got read a body to its end before anybody sees it; their own time limits end that. */
const streaming = drivers.filter(({ name }) => !/^(axios|got)/.test(name));

describe.each(streaming)('$name', (driver) => {
  it('shows an authenticator as much of a body that never ends as has come within 30 s', async () => {
    const api = await testApi();
    api.on('/endless', ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('a beginning');
    });
    const auth = new Reader();
    const send = driver.create(auth, bound(api));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const call = send({ url: api.url('/endless') });
    call.catch(() => undefined);
    await auth.asked.promise;
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await call).status).toBe(200);
    expect(auth.text).toMatch(/^(a beginning)?$/);
  });
});
