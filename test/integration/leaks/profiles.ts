/** Profiles that are wrong: in files of the user and of a project, in the environment, read by the library and the command. */

import { join } from 'node:path';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { Config } from '../../../src/config/config.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { type Folder, folder, type Layers } from '../../unit/config/folder.ts';
import { authwire } from '../cli/run.ts';
import type { FailureGroup, FailurePath } from './paths.ts';

/** One way for profiles to be wrong, or only nearly right: what a machine then holds. */
type Mistake = (place: Folder) => Layers;

const quoted = (text: string) => JSON.stringify(text);
const secret = () => quoted(markedSecret('text'));

/** A profile whose every field that may hold a secret does. */
const right = () => `[profiles.prod]
authType = "AuthBasic"
url = "https://api.example.com/?key=${encodeURIComponent(markedSecret('text'))}"
username = "ada"
password = ${secret()}
apikey = ${secret()}
oauth2ClientSecret = ${secret()}
oauth2ResourceOwnerPassword = ${secret()}
proxyPasswd = ${secret()}
httpHeader1 = ${quoted(`X-Api-Key: ${markedSecret('header')}`)}
httpHeaders = { X-Auth-Token = ${quoted(markedSecret('header'))} }
oauth2ResourceOwnerAdditionalParams = { api_key = ${secret()} }
opts = { encoding = ${secret()} }
`;

const inUser = (text: () => string): Mistake => {
  return () => ({ user: `profile = "prod"\n${right()}${text()}` });
};
const inProject = (text: () => string): Mistake => {
  return () => ({ user: `profile = "prod"\n${right()}`, project: text() });
};
const inEnvironment = (env: () => Record<string, string>): Mistake => {
  return () => ({ user: `profile = "prod"\n${right()}`, env: env() });
};

const mistakes: Readonly<Record<string, Mistake>> = {
  nothing: inUser(() => ''),
  'a value without an end': inUser(() => `tokenFormat = "${markedSecret('token').replaceAll(/["\\]/g, '')}`),
  'a value without quotes': inUser(() => `tokenFormat = ${markedSecret('token')}`),
  'a value twice': inUser(() => `password = ${secret()}`),
  'a secret as a key': inUser(() => `${secret()} = 1`),
  'a secret as a table': inUser(() => `[profiles.${secret()}]\nurl = "x"`),
  'a secret as the profile in use': () => ({ user: `profile = ${secret()}\n${right()}` }),
  'a secret in a list': inUser(() => `prefix = [${secret()}]`),
  'a secret as a number': inUser(() => `proxyPort = ${secret()}`),
  'a secret as a choice': inUser(() => `oauth2Type = ${secret()}`),
  'a password in a URL': inUser(
    () => `authEndpoint = "https://ada:${encodeURIComponent(markedSecret('text'))}@h.example"`,
  ),
  'a secret in the place of a reference': inUser(() => `[profiles.dev]\npassword = { secret = ${secret()} }`),
  'a file that others may read': (place) => {
    const file = place.write('open.toml', right(), 0o644);
    return { env: { AUTHWIRE_CONFIG: file, AUTHWIRE_PROFILE: 'prod' } };
  },
  'a file that is no text': (place) => {
    const file = place.write('bytes.toml', Buffer.concat([Buffer.from(right()), Buffer.of(0xff)]));
    return { env: { AUTHWIRE_CONFIG: file } };
  },
  'a file that is too long': (place) => {
    return { env: { AUTHWIRE_CONFIG: place.write('long.toml', `${right()}# ${'x'.repeat(300_000)}`) } };
  },
  'a secret file with several lines': (place) => {
    const file = quoted(place.write('secret', `${markedSecret('text')}\n${markedSecret('text')}\n`));
    return {
      user: `profile = "ref"\n[profiles.ref]\nauthType = "AuthBasic"\nusername = "a"\npassword = { file = ${file} }\n`,
    };
  },
  "another address in a project's file": inProject(() => '[profiles.prod]\nurl = "https://evil.example"'),
  "a secret in a project's file": inProject(() => `[profiles.prod]\npassword = ${secret()}`),
  "options in a project's file": inProject(() => `[profiles.mine]\nopts = { token = ${secret()} }`),
  "tables without end in a project's file": inProject(() => `[profiles.mine]\n${'x.'.repeat(500)}x = ${secret()}`),
  'a variable that means nothing': inEnvironment(() => ({ AUTHWIRE__PASWORD: markedSecret('text') })),
  'a variable of another kind': inEnvironment(() => ({ AUTHWIRE__DEBUG: markedSecret('text') })),
  'a variable twice': inEnvironment(() => ({
    AUTHWIRE__PASSWORD: markedSecret('text'),
    AUTHWIRE__pass_word: markedSecret('text'),
  })),
  'a header that is none in a variable': inEnvironment(() => ({ AUTHWIRE__HTTPHEADER2: markedSecret('text') })),
  'objects that are none in a variable': inEnvironment(() => ({ AUTHWIRE__HTTPHEADERS: `{"a": ${secret()}` })),
};

const NO_WARNING = { onWarning: () => undefined };

async function attempt(action: () => unknown): Promise<unknown> {
  try {
    return await action();
  } catch (error) {
    return error;
  }
}

const byLibrary = (mistake: Mistake): FailurePath['fail'] => {
  return async () => {
    using place = folder();
    const config = await attempt(() => place.load({ ...mistake(place), ...NO_WARNING }));
    if (!(config instanceof Config)) return [config];
    // What its user prints of the fields themselves is in his hands: there, extra headers are plain text.
    const made = await attempt(() => buildAuthenticator(config.profile()));
    return [config, config.describe(), made];
  };
};

const byCommand = (mistake: Mistake, args: readonly string[]): FailurePath['fail'] => {
  return async () => {
    using place = folder();
    const { user, project, env } = mistake(place);
    if (user !== undefined) place.write('home/.config/authwire/config.toml', user);
    place.write('project/.authwire.toml', project ?? '');
    return [
      await authwire(args, {
        cwd: join(place.path, 'project'),
        env: { HOME: join(place.path, 'home'), ...(env as Record<string, string>) },
      }),
    ];
  };
};

const COMMANDS = [['config'], ['config', 'show', '--json'], ['config', 'check']];

/** Every mistake × the library and the command, whose actions take turns: each costs a process. */
export function profileGroups(): FailureGroup[] {
  const all = Object.entries(mistakes);
  return [
    { name: 'loadConfig', paths: all.map(([name, mistake]) => ({ name, fail: byLibrary(mistake) })) },
    ...COMMANDS.map((args, turn) => ({
      name: `authwire ${args.join(' ')}`,
      paths: all
        .filter((_, index) => index % COMMANDS.length === turn)
        .map(([name, mistake]) => ({ name, fail: byCommand(mistake, args) })),
    })),
  ];
}
