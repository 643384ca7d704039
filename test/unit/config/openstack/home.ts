import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { AuthOpenStackOptions } from '../../../../src/authenticators/openstack.ts';
import { type OpenStackOptionsRequest, openStackOptions } from '../../../../src/config/openstack/options.ts';
import { ConfigurationError } from '../../../../src/errors.ts';
import { isSecret, reveal } from '../../../../src/secret.ts';
import { leaks } from '../../../helpers/leaks.ts';

export const SECRET = 'clouds-file-secret';
export const URL_LINE = 'auth_url: https://keystone.example/v3';

/** A home folder with these files, under `.config/openstack` where no folder is named. */
export async function home(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'authwire-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = name.includes('/') ? join(folder, name) : join(folder, '.config', 'openstack', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** The options as plain values, secrets opened: what comes out of these files and variables. */
export async function optionsOf(files: Readonly<Record<string, string>>, request: OpenStackOptionsRequest = {}) {
  const env = { HOME: await home(files), ...request.env };
  return opened(await openStackOptions({ ...request, env }));
}

export function opened(options: AuthOpenStackOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, isSecret(value) ? reveal(value) : value]),
  );
}

export async function refusal(files: Readonly<Record<string, string>>, request: OpenStackOptionsRequest = {}) {
  const error = await optionsOf(files, request).then(
    () => expect.unreachable('it was read'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(leaks(error, SECRET)).toEqual([]);
  return error as ConfigurationError;
}

export const cloud = (lines: string, more = '') =>
  `clouds:\n  prod:\n    auth:\n      ${lines.split('\n').join('\n      ')}\n${more}`;
export const password = cloud(`${URL_LINE}\nusername: ada\npassword: ${SECRET}\nuser_domain_name: Default`);
export const expected = {
  authUrl: 'https://keystone.example/v3',
  username: 'ada',
  userDomainName: 'Default',
  password: SECRET,
};
