import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOpenStack } from '../../../src/authenticators/openstack.ts';
import { openStackOptions } from '../../../src/config/openstack/options.ts';
import { DOMAIN, PROJECT, SERVICES, USER } from './configure.ts';
import { authUrl, keystone } from './fixture.ts';

async function home(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'authwire-clouds-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, '.config', 'openstack'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, '.config', 'openstack', name), text);
  return folder;
}

it('clouds.yaml, secure.yaml and a profile log in to Keystone', async () => {
  const HOME = await home({
    'clouds.yaml': `
clouds:
  crew:
    profile: local
    auth:
      username: ${USER.username}
      project_name: ${PROJECT}
      domain_name: ${DOMAIN}
    region_name: RegionTwo
`,
    'secure.yaml': JSON.stringify({ clouds: { crew: { auth: { password: USER.password } } } }),
    'clouds-public.yaml': JSON.stringify({ 'public-clouds': { local: { auth: { auth_url: keystone.origin } } } }),
  });
  const options = await openStackOptions({ env: { HOME, OS_CLOUD: 'crew' } });
  const auth = new AuthOpenStack(options);

  expect(await auth.endpointFor('compute')).toBe(SERVICES.compute.RegionTwo);
  expect((await fetchAuth(auth, { baseUrl: authUrl })(`${authUrl}/auth/projects`)).status).toBe(200);
});

it('the variables of an openrc log in to Keystone', async () => {
  const env = {
    HOME: await home({}),
    OS_AUTH_URL: authUrl,
    OS_USERNAME: USER.username,
    OS_PASSWORD: USER.password,
    OS_USER_DOMAIN_NAME: DOMAIN,
    OS_PROJECT_ID: keystone.projectId,
    OS_PROJECT_NAME: PROJECT,
    OS_REGION_NAME: 'RegionOne',
    OS_INTERFACE: 'public',
    OS_IDENTITY_API_VERSION: '3',
  };
  const auth = new AuthOpenStack(await openStackOptions({ env }));

  expect(await auth.endpointFor('compute')).toBe(SERVICES.compute.RegionOne);
});
