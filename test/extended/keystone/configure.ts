/**
 * What a fresh Keystone is told through its API: a domain with a project, a user with a password, one who also needs a
 * one-time passcode, and services in its catalogue.
 */

import { Administrator } from './administrator.ts';

/** The names there are, beside those of the bootstrap (`admin` in the domain `Default`). */
export const DOMAIN = 'crew';
export const PROJECT = 'reports';
export const USER = { username: 'ada', password: 'wonder länd&"\\1' } as const;
export const CAREFUL_USER = { username: 'grace', password: 'two factors please' } as const;
/** RFC 4648 base32, of bytes that nobody else has. */
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** In the catalogue, and reachable for nobody. */
export const SERVICES = {
  compute: { RegionOne: 'http://127.0.0.1:9/compute/v2.1', RegionTwo: 'http://127.0.0.1:10/compute/v2.1' },
  volumev3: { RegionOne: 'http://127.0.0.1:9/volume/v3' },
} as const;

export interface Configured {
  readonly userId: string;
  readonly projectId: string;
  readonly domainId: string;
}

export async function configure(origin: string): Promise<Configured> {
  const admin = await Administrator.logIn(origin);
  const domainId = await admin.create('domain', { name: DOMAIN });
  const projectId = await admin.create('project', { name: PROJECT, domain_id: domainId });
  const userId = await admin.create('user', { name: USER.username, password: USER.password, domain_id: domainId });
  const carefulId = await admin.create('user', {
    name: CAREFUL_USER.username,
    password: CAREFUL_USER.password,
    domain_id: domainId,
    options: { multi_factor_auth_enabled: true, multi_factor_auth_rules: [['password', 'totp']] },
  });
  await admin.create('credential', { type: 'totp', blob: TOTP_SECRET, user_id: carefulId });
  for (const user of [userId, carefulId]) await admin.assign('member', user, projectId);
  await admin.create('region', { id: 'RegionTwo' });
  for (const [type, regions] of Object.entries(SERVICES)) {
    const serviceId = await admin.create('service', { type, name: type });
    for (const [region, url] of Object.entries(regions)) {
      await admin.create('endpoint', { service_id: serviceId, region_id: region, interface: 'public', url });
    }
  }
  return { userId, projectId, domainId };
}
