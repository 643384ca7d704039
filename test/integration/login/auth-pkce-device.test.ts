import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthPkce, type AuthPkceOptions } from '../../../src/node/login/auth-pkce.ts';
import type { Terminal } from '../../../src/node/login/terminal.ts';
import {
  type AuthorizationServer,
  DEVICE_CODE,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';

let as: AuthorizationServer;
beforeEach(async () => {
  as = await startAuthorizationServer({
    deviceInterval: 0.01,
    clients: [nativeClient('both', DEVICE_CODE)],
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await as.close();
});

const signIn = (more: Partial<AuthPkceOptions>) => {
  const own = { issuer: as.issuer, clientId: 'both', scope: 'openid read', wait: async () => undefined, ...more };
  return Promise.resolve(new AuthPkce(own as AuthPkceOptions).tokens.get());
};
const askedForCodes = () => as.traffic.count({ path: '/device/auth' });
const onCode = ({ userCode }: { userCode: string }) => as.approveDevice(userCode);

/** Nobody can type, and what is written is read by a program, which passes it on. */
function passingOn(): Terminal {
  return {
    isInteractive: false,
    hasLinks: false,
    write(text) {
      const code = /enter the code {2}(\S+)/.exec(text)?.[1];
      if (code !== undefined) void as.approveDevice(code);
    },
    readLine: async () => undefined,
  };
}

describe('AuthPkce with a code on another screen', () => {
  it('takes it first by option', async () => {
    expect(await signIn({ device: true, terminal: false, onCode })).toMatchObject({ accessToken: expect.any(String) });
    expect(askedForCodes()).toBe(1);
  });

  it('takes it where no browser comes back and no address can be pasted', async () => {
    vi.stubEnv('AI_AGENT', 'test');
    vi.stubEnv('VSCODE_IPC_HOOK_CLI', '/tmp/tunnel');
    expect(await signIn({ terminal: passingOn() })).toMatchObject({ accessToken: expect.any(String) });
    expect(askedForCodes()).toBe(1);
  });

  it('takes it where every registered port is taken, unless that is not wanted', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const taken = { ports: [port], terminal: false, openBrowser: async () => undefined, onCode } as const;
    await expect(signIn({ ...taken, device: false })).rejects.toThrow(`port ${port} (EADDRINUSE)`);
    expect(askedForCodes()).toBe(0);
    expect(await signIn(taken)).toMatchObject({ accessToken: expect.any(String) });
    other.close();
  });

  it('asks for no code where nobody would read it', async () => {
    await expect(signIn({ terminal: false })).rejects.toMatchObject({ code: 'ERR_AUTH_LOGIN_REQUIRED' });
    expect(askedForCodes()).toBe(0);
  });

  it('says why no browser did where the server has no codes', async () => {
    as.settings.fault = (context) => {
      if (context.path === '/device/auth') context.status = 404;
      return context.path === '/device/auth';
    };
    await expect(signIn({ terminal: false, onCode })).rejects.toThrow('a person has to sign in');
  });
});
