import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthDevice, type AuthDeviceOptions } from '../../../src/node/login/auth-device.ts';
import type { Terminal } from '../../../src/node/login/terminal.ts';
import {
  type AuthorizationServer,
  DEVICE_CODE,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { TestBrowser } from '../../helpers/login/browser.ts';

let as: AuthorizationServer;
beforeEach(async () => {
  as = await startAuthorizationServer({
    deviceInterval: 0.01,
    clients: [nativeClient('both', DEVICE_CODE)],
  });
});
afterEach(() => as.close());

/** A terminal whose reader enters the code on another screen. */
function reader(act: (code: string) => Promise<void>): Terminal & { said: string } {
  const terminal = {
    isInteractive: true,
    hasLinks: false,
    said: '',
    write(text: string) {
      terminal.said += text;
      const code = /enter the code {2}(\S+)/.exec(text)?.[1];
      if (code !== undefined) void act(code);
    },
    readLine: () => new Promise<undefined>(() => undefined),
  };
  return terminal;
}
const signIn = (more: Partial<AuthDeviceOptions>) =>
  new AuthDevice({
    issuer: as.issuer,
    clientId: 'both',
    scope: 'openid read',
    openBrowser: false,
    wait: async () => undefined,
    ...more,
  } as AuthDeviceOptions);
const approve = (code: string) => as.approveDevice(code);

describe('a sign-in on another screen', () => {
  it('shows code, address, QR code, time left and who asks', async () => {
    const terminal = reader(approve);
    expect(await signIn({ terminal }).tokens.get()).toMatchObject({ accessToken: expect.any(String) });
    expect(terminal.said).toContain(`To sign in to ${new URL(as.issuer).host} (client both)`);
    expect(terminal.said).toContain(`${as.issuer}/device\n`);
    expect(terminal.said).toMatch(/The code is good for 10 min\. Only go on if you started this yourself/);
    expect(terminal.said).toMatch(/[█▀▄]{10}/);
  });

  it('shows it as the program likes', async () => {
    const auth = signIn({ terminal: false, onCode: ({ userCode }) => approve(userCode) });
    expect(await auth.tokens.get()).toMatchObject({ accessToken: expect.any(String) });
  });

  it('ends when the person says no', async () => {
    const terminal = reader((code) => as.denyDevice(code));
    await expect(signIn({ terminal }).tokens.get()).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('sends nobody to another host, unless that is allowed', async () => {
    as.settings.fault = (context) => {
      if (context.path !== '/device/auth') return false;
      const codes = { device_code: 'd', user_code: 'ABCD', expires_in: 600 };
      Object.assign(context, { status: 200, body: { ...codes, verification_uri: 'https://evil.example/device' } });
      return true;
    };
    const terminal = reader(async () => undefined);
    await expect(signIn({ terminal }).tokens.get()).rejects.toThrow("verificationHosts: ['evil.example']");
    expect(terminal.said).toBe('');
    let shown = '';
    const onCode = ({ verificationUri }: { verificationUri: string }) => {
      shown = verificationUri;
      throw new Error('enough');
    };
    const allowed = signIn({ terminal: false, onCode, verificationHosts: ['evil.example'] });
    await Promise.resolve(allowed.tokens.get()).catch(() => undefined);
    expect(shown).toBe('https://evil.example/device');
  });

  it('asks for no code where nobody can read it', async () => {
    await expect(signIn({ terminal: false }).tokens.get()).rejects.toMatchObject({ code: 'ERR_AUTH_LOGIN_REQUIRED' });
  });
});

describe('the browser of this machine', () => {
  const openBrowser = async (url: string) => void new TestBrowser().go(url);

  it('is preferred, because device codes are phished', async () => {
    const auth = signIn({ openBrowser, terminal: false });
    expect(await auth.tokens.get()).toMatchObject({ accessToken: expect.any(String) });
    expect(as.traffic.count({ path: '/device/auth' })).toBe(0);
  });

  it('is not used if that is not wanted', async () => {
    const terminal = reader(approve);
    const auth = signIn({ openBrowser, terminal, preferBrowser: false });
    expect(await auth.tokens.get()).toMatchObject({ accessToken: expect.any(String) });
    expect(as.traffic.count({ path: '/device/auth' })).toBe(1);
  });

  it.each([503, 404])('is used where the server answers %d', async (status) => {
    as.settings.fault = (context) => {
      if (context.path === '/device/auth') context.status = status;
      return context.path === '/device/auth';
    };
    const auth = signIn({ openBrowser, terminal: false, preferBrowser: false });
    expect(await auth.tokens.get()).toMatchObject({ accessToken: expect.any(String) });
  });
});
