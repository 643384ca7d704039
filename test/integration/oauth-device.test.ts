import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type DeviceAuthorizationOptions, deviceAuthorization } from '../../src/oauth/grants/device-authorization.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../helpers/authorization-server.ts';

const signal = AbortSignal.timeout(60_000);
let as: AuthorizationServer;
let waits: number[];
beforeAll(async () => {
  as = await startAuthorizationServer();
});
afterAll(() => as.close());
beforeEach(() => {
  waits = [];
});

/** After so many questions the user does something on the other screen. */
function login(questions: number, act: (userCode: string) => Promise<void>) {
  let userCode = '';
  const options: DeviceAuthorizationOptions = {
    issuer: as.issuer,
    clientId: 'device',
    scope: 'openid read',
    show: (prompt) => {
      userCode = prompt.userCode;
    },
    wait: async (ms) => {
      waits.push(ms);
      if (waits.length === questions + 1) await act(userCode);
    },
  };
  return deviceAuthorization(options);
}

it('a login on another screen gives a token; asking too fast slows us down for good', async () => {
  as.settings.deviceInterval = 1;
  const source = login(3, (userCode) => as.approveDevice(userCode));
  const token = await source.requestToken({ signal });
  expect((await as.verify(token.accessToken))?.sub).toBe('alice');
  expect(source.claims(token)).toMatchObject({ sub: 'alice', aud: 'device' });
  expect(waits).toEqual([1000, 1000, 6000, 11_000]);
  expect(as.traffic.count({ error: 'slow_down' })).toBe(2);

  const next = await source.requestToken({ signal, previous: token });
  expect(next.accessToken).not.toBe(token.accessToken);
  expect(waits).toHaveLength(4);
});

it.each([
  ['access_denied', (userCode: string) => as.denyDevice(userCode)],
  ['expired_token', (userCode: string) => as.expire('DeviceCode', userCode)],
])('a login that ends with %s is a typed error', async (error, act) => {
  await expect(login(1, act).requestToken({ signal })).rejects.toMatchObject({ kind: 'oauth-error', error });
});
