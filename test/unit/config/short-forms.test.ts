import { describe, expect, it } from 'vitest';
import { AuthJwt } from '../../../src/authenticators/jwt.ts';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { reveal, type SecretOption } from '../../../src/secret.ts';
import { folder, messageOf } from './folder.ts';

const ask = async (option: SecretOption | undefined) => reveal(await (option as () => Promise<string>)());

describe('jwt in a profile', () => {
  it('stands for the authenticator and its token, wherever that is', () => {
    using place = folder();
    const config = place.load({
      user: '[profiles.a]\njwt = "a.b.c"\n[profiles.b]\njwt = { env = "T" }',
      env: { T: 'd.e.f' },
    });
    expect(buildAuthenticator(config.profile('a'))).toBeInstanceOf(AuthJwt);
    expect(reveal(config.profile('b').apikey as string)).toBe('d.e.f');
    expect(JSON.stringify(config.describe('a'))).not.toContain('a.b.c');
  });

  it.each(['authType = "AuthJwt"', 'apikey = "x"'])('contradicts %s', (more) => {
    using place = folder();
    expect(messageOf(() => place.load({ user: `[profiles.a]\njwt = "a.b.c"\n${more}` }))).toMatch(
      /config.toml:\d+: 'jwt' stands for 'authType' and 'apikey'/,
    );
  });
});

describe('a secret that a command prints', () => {
  it('is asked for when it is needed, once for everybody, and again after a failure', async () => {
    using place = folder();
    const runs = `${place.path}/runs`;
    const script = place.write(
      'home/.config/authwire/give',
      '#!/bin/sh\necho x >> "$1"\n[ -e "$2" ] || exit 3\necho "open sesame"\n',
      0o700,
    );
    const user = `[profiles.a]\nauthType = "AuthBasic"\nusername = "ada"\npassword = { command = ["./give", "${runs}", "${place.path}/ready"] }`;
    const config = place.load({ user });
    expect(config.describe('a').fields).toContainEqual(
      expect.objectContaining({
        field: 'password',
        value: 'set, but not shown',
        source: expect.stringContaining(script),
      }),
    );
    const { password } = config.profile('a');
    await expect(ask(password)).rejects.toMatchObject({ exitCode: 3 });
    place.write('ready', '');
    expect(await Promise.all([ask(password), ask(password)])).toEqual(['open sesame', 'open sesame']);
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(runs, 'utf8')).toBe('x\nx\n');
  });

  it('that prints nothing is an error', async () => {
    using place = folder();
    const config = place.load({ user: '[profiles.a]\napikey = { command = ["true"] }' });
    await expect(ask(config.profile('a').apikey)).rejects.toThrow('printed nothing');
  });

  it.each([
    'httpHeader1 = { command = ["x"] }',
    'apikey = { command = [] }',
    'apikey = { command = "x y" }',
    'apikey = { command = [1] }',
  ])('is refused as %s', (line) => {
    using place = folder();
    expect(messageOf(() => place.load({ user: `[profiles.a]\n${line}` }))).toContain('must be text');
  });

  it('is not for the file of a project', () => {
    using place = folder();
    expect(messageOf(() => place.load({ project: '[profiles.a]\napikey = { command = ["true"] }' }))).toContain(
      'takes a secret from the environment, a file or a command',
    );
  });
});
