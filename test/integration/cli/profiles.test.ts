import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import {
  type AuthorizationServer,
  clientSecrets,
  DEVICE_CODE,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { authwire } from './run.ts';
import { startAuthwire } from './session.ts';

const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
let as: AuthorizationServer;
let home: string;

beforeAll(async () => {
  as = await startAuthorizationServer({
    clients: [nativeClient('cli', DEVICE_CODE)],
  });
  home = await mkdtemp(join(tmpdir(), 'authwire-profiles-'));
  await mkdir(join(home, '.config/authwire'), { recursive: true });
  const person = `url = "${as.resource}/"\nissuer = "${as.issuer}"\noauth2ClientId = "cli"\nscope = "openid offline_access"\n`;
  await writeFile(
    join(home, '.config/authwire/config.toml'),
    `profile = "prod"
[profiles.prod]
authType = "AuthPkce"
credentialStore = "file"
${person}
[profiles.screen]
authType = "AuthDevice"
credentialStore = "file"
${person}opts = { storeKey = "screen" }
[profiles.fleeting]
authType = "AuthPkce"
credentialStore = "memory"
${person}
[profiles.robot]
authType = "AuthOAuth2"
url = "${as.resource}"
oauth2Type = "ClientCredentials"
oauth2ClientId = "basic"
oauth2ClientSecret = { env = "ROBOT_SECRET" }
oauth2TokenURL = "${as.tokenEndpoint}"
[profiles.key]
authType = "AuthApiKey"
apikey = "a-long-key"
authHeader = "x-key"
`,
    { mode: 0o600 },
  );
});
afterAll(async () => {
  await as.close();
  await rm(home, { recursive: true });
});

const env = (more: Record<string, string> = {}) => ({ HOME: home, ...more });
const run = (...args: string[]) =>
  authwire(args, { env: env({ BROWSER: VISIT, ROBOT_SECRET: clientSecrets.basic }), cwd: home });

describe('a profile of a person', () => {
  it('is signed in to, used, shown and left, and programs share the login', async () => {
    expect((await run('token', 'prod')).code).toBe(3);
    const signedIn = await run('login');
    expect(signedIn).toMatchObject({ stdout: '', code: 0 });
    expect(signedIn.stderr).toContain(`authwire login: signed in at ${as.issuer} as alice\n`);

    const token = await run('token', 'prod');
    expect(await as.verify(token.stdout.trim()), token.stderr).toMatchObject({ sub: 'alice' });
    // It is the only login, and that of the profile in use.
    expect((await run('token')).stdout).toBe(token.stdout);
    const config = loadConfig({ env: env(), directory: home });
    const program = buildAuthenticator(config.profile('prod')) as TokenAuthenticator;
    process.env.XDG_DATA_HOME = join(home, '.local/share');
    const own = buildAuthenticator(config.profile('prod')) as TokenAuthenticator;
    delete process.env.XDG_DATA_HOME;
    expect(program).toBeInstanceOf(TokenAuthenticator);
    expect((await own.tokens.get()).accessToken).toBe(token.stdout.trim());

    const { stdout, code } = await run('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).logins).toEqual([
      expect.objectContaining({ profile: 'prod', server: as.issuer, clientId: 'cli', user: 'alice', renewable: true }),
    ]);
    expect((await run('status')).stdout).toContain(`prod (${as.issuer})\n  alice, access token until `);

    const out = await run('logout', 'prod');
    expect(out, out.stderr).toEqual({ stdout: '', stderr: `authwire logout: signed out at ${as.issuer}\n`, code: 0 });
    expect(await as.verify(token.stdout.trim())).toBeUndefined();
    expect((await run('token', 'prod')).stderr).toContain('run authwire login prod');
  });

  it('may want a code on another screen', async () => {
    const session = startAuthwire(['login', 'screen'], { env: env(), isTerminal: true });
    const [, code = ''] = await session.saying(/enter the code {2}(\S+)/);
    await as.approveDevice(code);
    const end = await session.end;
    expect(end.code, end.stderr).toBe(0);
    expect((await run('token', 'screen')).code).toBe(0);
    expect((await run('logout', 'screen')).code).toBe(0);
  });
});

describe('a profile without a person', () => {
  it('gives its token', async () => {
    const { stdout, stderr } = await run('token', 'robot');
    expect(await as.verify(stdout.trim()), stderr).toMatchObject({ sub: 'basic' });
  });

  it.each([
    [['login', 'robot'], "the profile 'robot' signs nobody in: it is AuthOAuth2"],
    [['logout', 'robot'], "the profile 'robot' signs nobody in"],
    [['token', 'key'], "the profile 'key' has no token: it is AuthApiKey"],
    [['login', 'fleeting'], "the profile 'fleeting' keeps its login in memory"],
    [['login', 'nowhere'], "there is no profile 'nowhere'. There are: prod"],
    [['login', 'prod', '--client-id', 'x'], '--client-id is for an address'],
    [['login', 'http://localhost:1'], '--client-id is missing'],
  ])('%j is an error that says why', async (args, message) => {
    const { stdout, stderr, code } = await run(...args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain(message);
  });
});
