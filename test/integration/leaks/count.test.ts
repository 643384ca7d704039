import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as digest from '../../../src/entries/digest.ts';
import * as oauth from '../../../src/entries/oauth.ts';
import * as openstack from '../../../src/entries/openstack.ts';
import * as core from '../../../src/index.ts';
import * as node from '../../../src/node/index.ts';
import { drivers } from '../../helpers/clients.ts';
import { authenticators } from './authenticators.ts';
import { callGroups } from './calls.ts';
import { configurationGroups } from './configurations.ts';
import { functionGroups } from './functions.ts';
import { debugSink } from './logs.ts';
import type { FailureGroup } from './paths.ts';
import { profileGroups } from './profiles.ts';
import { storeGroups } from './stores.ts';
import { tokenRequestGroups } from './token-requests.ts';

const read = (file: string) => readFile(join(import.meta.dirname, file), 'utf8');
const groups: Readonly<Record<string, readonly FailureGroup[]>> = {
  calls: drivers.flatMap(callGroups),
  'token requests': tokenRequestGroups(drivers),
  stores: storeGroups(drivers),
  functions: functionGroups(drivers),
  configurations: configurationGroups(),
  profiles: profileGroups(),
};
const pathsOf = (all: readonly FailureGroup[]) => all.flatMap(({ paths }) => paths).length;
const parts = Object.entries(groups).map(([name, all]) => `${name} ${pathsOf(all)}`);
const total = pathsOf(Object.values(groups).flat());

it(`${total} failure paths are walked: ${parts.join(', ')}`, () => {
  expect(total).toBeGreaterThan(200);
});

it('every client has a file that walks its calls', async () => {
  const files = await Promise.all(
    (await readdir(import.meta.dirname)).filter((file) => file.startsWith('calls.')).map(read),
  );
  const named = files.flatMap((text) => [...text.matchAll(/'([\w-]+)'[,)]/g)].map(([, name]) => name));
  expect(drivers.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([]);
});

/** They wait for a person. Their grants are walked with AuthOAuth2; test/integration/login walks the rest. */
const SIGN_INS: readonly string[] = ['AuthPkce', 'AuthDevice'];

it('every authenticator that can be imported is among them', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const given = { authority: 'https://as.example', pem, debug: true, logger: debugSink } as const;
  const walked = authenticators.map(({ create }) => create(given));
  // What others are built on counts with them.
  const missing = Object.entries({ ...core, ...digest, ...oauth, ...openstack, ...node }).filter(
    ([name, value]) => name.startsWith('Auth') && !walked.some((one) => one instanceof (value as typeof Object)),
  );
  const names = missing.map(([name]) => name).filter((name) => !name.endsWith('Error') && !SIGN_INS.includes(name));
  expect(names).toEqual([]);
});
