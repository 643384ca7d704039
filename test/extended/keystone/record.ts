/**
 * Records the scenarios against a real Keystone, for the tests that do without one:
 * `node test/extended/keystone/record.ts` writes `test/fixtures/keystone/exchanges.json`.
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type KeystoneValues, scenarios } from '../../helpers/keystone-scenarios.ts';
import { type RecordedExchange, recorder } from '../../helpers/recorded-exchanges.ts';
import { Administrator } from './administrator.ts';
import { CAREFUL_USER, DOMAIN, PROJECT, USER } from './configure.ts';
import { passcode } from './passcode.ts';
import { type Keystone, startKeystone } from './server.ts';

const FILE = fileURLToPath(new URL('../../fixtures/keystone/exchanges.json', import.meta.url));

async function prepare(keystone: Keystone): Promise<Omit<KeystoneValues, 'passcode'>> {
  const { origin, userId, projectId } = keystone;
  const user = { id: userId, password: USER.password };
  const self = await Administrator.logIn(origin, { user, scope: { project: { id: projectId } } });
  const path = `/users/${userId}/application_credentials`;
  const created = await self.send('POST', path, { application_credential: { name: 'robot' } });
  const { id, secret } = (created as { application_credential: { id: string; secret: string } }).application_credential;
  const admin = await Administrator.logIn(origin);
  await admin.revoke(self.token);
  return {
    origin,
    userId,
    ...USER,
    domain: DOMAIN,
    project: PROJECT,
    projectId,
    adminPassword: 'admin-pass',
    credentialId: id,
    credentialName: 'robot',
    credentialSecret: secret,
    carefulUsername: CAREFUL_USER.username,
    carefulPassword: CAREFUL_USER.password,
    revokedToken: self.token,
  };
}

const keystone = await startKeystone();
try {
  const common = await prepare(keystone);
  const records = [];
  for (const [name, play] of Object.entries(scenarios)) {
    const exchanges: RecordedExchange[] = [];
    const now = Date.now();
    const values = { ...common, passcode: passcode(now) };
    const result = await play({ values, fetch: recorder(exchanges), now: () => now });
    records.push({ name, now, passcode: values.passcode, exchanges, result });
  }
  await writeFile(FILE, `${JSON.stringify({ server: keystone.version, values: common, records }, null, 2)}\n`);
} finally {
  await keystone.stop();
}
