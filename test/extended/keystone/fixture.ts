import { inject, vi } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../../src/authenticators/openstack.ts';
import { DOMAIN, PROJECT, USER } from './configure.ts';

// It does one thing at a time, slowly, and the more so while others are busy.
vi.setConfig({ testTimeout: 120_000 });

/** The server that the run has started. */
export const keystone = inject('keystone');
export const authUrl = `${keystone.origin}/v3`;

export const ada = { authUrl, ...USER, userDomainName: DOMAIN } as const;
export const reports = { projectName: PROJECT, projectDomainName: DOMAIN } as const;
export const admin = { authUrl, username: 'admin', password: 'admin-pass', userDomainId: 'default' } as const;

/** What Keystone says of the token that these options give. */
export async function tokenOf(options: AuthOpenStackOptions) {
  const auth = new AuthOpenStack(options);
  const { accessToken, expiresAt } = await auth.tokens.get();
  const response = await fetchAuth(auth, { baseUrl: authUrl })(`${authUrl}/auth/tokens`, {
    headers: { 'x-subject-token': accessToken },
  });
  const { token } = (await response.json()) as { token: Record<string, unknown> & { readonly expires_at: string } };
  return { auth, status: response.status, accessToken, expiresAt, token };
}
