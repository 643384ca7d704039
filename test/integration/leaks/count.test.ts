import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
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

it('every authenticator that can be imported is among them', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const given = { authority: 'https://as.example', pem, debug: true, logger: debugSink } as const;
  const walked = authenticators.map(({ create }) => create(given));
  // What others are built on counts with them.
  const missing = Object.entries({ ...core, ...node }).filter(
    ([name, value]) => name.startsWith('Auth') && !walked.some((one) => one instanceof (value as typeof Object)),
  );
  expect(missing.map(([name]) => name).filter((name) => !name.endsWith('Error'))).toEqual([]);
});
