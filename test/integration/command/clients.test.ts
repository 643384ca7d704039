import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AuthCommand, type AuthCommandOptions } from '../../../src/node/command/auth-command.ts';
import { drivers } from '../../helpers/clients.ts';
import { shell, testFolder } from '../../helpers/commands.ts';
import { leaks } from '../../helpers/leaks.ts';
import { MARK } from '../../helpers/leaks-mark.ts';
import { HandClock } from '../../helpers/test-auth.ts';
import { authErrorOf, bound, outcome, testApi } from '../contract/fixture.ts';

/** A command that prints what stands in a file, counts its runs, and fails where there is no file. */
async function issuer(print = 'cat "$FOLDER/token"') {
  const folder = await testFolder();
  const command = await shell(`echo run >> "$FOLDER/runs"; ${print}`);
  const file = join(folder, 'token');
  return {
    options: (more: Partial<AuthCommandOptions> = {}) => ({ command, env: { FOLDER: folder }, ...more }),
    print: (token: string) => writeFile(file, `${token}\n`),
    runs: async () => (await readFile(join(folder, 'runs'), 'utf8').catch(() => '')).split('\n').length - 1,
    folder,
  };
}

describe.each(drivers)('$name', (driver) => {
  it('runs the command once for all who wait, again when its token is refused, and only then', async () => {
    const api = await testApi();
    const { options, print, runs } = await issuer();
    await print(`${MARK}-1`);
    api.accept(`${MARK}-1`);
    const send = driver.create(new AuthCommand(options()), bound(api));
    const call = async () => (await outcome(driver, send({ url: api.url('/reports') }))).status;

    expect(await Promise.all(Array.from({ length: 5 }, call))).toEqual([200, 200, 200, 200, 200]);
    expect(await call()).toBe(200);
    expect(await runs()).toBe(1);

    api.revoke(`${MARK}-1`);
    await print(`${MARK}-2`);
    api.accept(`${MARK}-2`);

    expect(await Promise.all(Array.from({ length: 5 }, call))).toEqual([200, 200, 200, 200, 200]);
    expect(await runs()).toBe(2);
    expect(api.hits.at(-1)?.headers.authorization).toBe(`Bearer ${MARK}-2`);
  });

  it('gives the error of the command, and nothing of what it printed', async () => {
    const api = await testApi();
    const { options, print } = await issuer('cat "$FOLDER/token"; cat "$FOLDER/token" >&2; exit 4');
    await print(`${MARK}-1`);
    const send = driver.create(new AuthCommand(options()), bound(api));

    const { error } = await outcome(driver, send({ url: api.url('/reports') }));

    expect(authErrorOf(error)).toMatchObject({ name: 'CommandError', kind: 'exit', exitCode: 4 });
    expect(leaks(error, MARK)).toEqual([]);
    expect(api.hits).toEqual([]);
  });
});

describe('AuthCommand', () => {
  const request = { method: 'GET', origin: 'https://api.example', replayable: true } as never;

  it('runs one command for 50 who wait', async () => {
    const { options, print, runs } = await issuer();
    await print('token-1');
    const auth = new AuthCommand(options());

    const tokens = await Promise.all(Array.from({ length: 50 }, () => auth.authenticate({ request })));

    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
    expect(await runs()).toBe(1);
    expect(auth.checkIfAuthenticated()).toBe(true);
  });

  it('runs again when the token has expired, and not before', async () => {
    const { options, print, runs } = await issuer();
    await print('{"token": "token-1", "expires_in": 3600}');
    const clock = new HandClock();
    const auth = new AuthCommand(options({ now: clock.now, monotonic: clock.monotonic }));
    await auth.authenticate({ request });

    clock.advance(3600_000 - 31_000);
    await auth.authenticate({ request });
    expect(await runs()).toBe(1);

    clock.advance(2000);
    await auth.authenticate({ request });
    expect(await runs()).toBe(2);
  });

  it('keeps a token without expiry for ever, until it is refused', async () => {
    const { options, print, runs } = await issuer();
    await print('token-1');
    const clock = new HandClock();
    const auth = new AuthCommand(options({ now: clock.now, monotonic: clock.monotonic }));
    await auth.authenticate({ request });
    clock.advance(10 * 365 * 86_400_000);

    expect((await auth.authenticate({ request })).accessToken).toBe('token-1');
    expect(await runs()).toBe(1);
  });

  it('is not run in a loop where the server refuses each of its tokens', async () => {
    const api = await testApi();
    const { options, print, runs } = await issuer();
    await print('worthless');
    const [driver] = drivers as [(typeof drivers)[number]];
    const send = driver.create(new AuthCommand(options()), bound(api));

    for (let call = 0; call < 5; call += 1) {
      expect((await outcome(driver, send({ url: api.url('/reports') }))).status).toBe(401);
    }

    expect(await runs()).toBeLessThanOrEqual(3);
  });

  it('does not repeat a command that has just failed, and says why again', async () => {
    const { options, runs } = await issuer('echo "not logged in" >&2; exit 1');
    const auth = new AuthCommand(options({ random: (bytes) => new Uint8Array(bytes).fill(255) }));
    const failure = async () => Promise.resolve(auth.authenticate({ request })).catch((error: unknown) => error);

    const first = await failure();

    expect(first).toMatchObject({ stderr: 'not logged in' });
    expect(await failure()).toMatchObject({
      name: 'CommandError',
      stderr: 'not logged in',
      message: expect.stringContaining((first as Error).message),
    });
    expect(await runs()).toBe(1);
  });

  it('tells its own error at its time limit, not that of whoever waits for it', async () => {
    const { options } = await issuer('echo "still thinking" >&2; exec sleep 1000');
    const auth = new AuthCommand(options({ deadlineMs: 2000 }));

    await expect(auth.authenticate({ request })).rejects.toMatchObject({
      kind: 'timeout',
      stderr: 'still thinking',
    });
  });

  it('ends the command when its token is not wanted any more', async () => {
    const signalled = () => once(process, 'SIGUSR2');
    const tell = `kill -USR2 ${process.pid}`;
    const { options } = await issuer(`trap "${tell}; exit" TERM; ${tell}; while :; do sleep 0.05; done`);
    const auth = new AuthCommand(options());
    const running = signalled();
    const waiting = Promise.resolve(auth.authenticate({ request }));
    await running;
    const ended = signalled();
    await auth.tokens.clear();

    await expect(waiting).rejects.toThrow('was cleared');
    await ended;
  });

  it('puts the token where header and format say', async () => {
    const { options, print } = await issuer();
    await print('token-1');
    const api = await testApi();
    const [driver] = drivers as [(typeof drivers)[number]];
    const auth = new AuthCommand(options({ header: 'proxy-token', format: 'token={}' }));
    await outcome(driver, driver.create(auth, bound(api))({ url: api.url('/reports') }));

    expect(api.hits[0]?.headers['proxy-token']).toBe('token=token-1');
    expect(api.hits[0]?.headers.authorization).toBeUndefined();
  });

  it('refuses a token that cannot be sent', async () => {
    const { options, folder } = await issuer();
    await appendFile(join(folder, 'token'), 'tök3n\n');

    await expect(new AuthCommand(options()).authenticate({ request })).rejects.toThrow('cannot be sent');
  });
});
