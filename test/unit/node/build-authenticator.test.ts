import { describe, expect, it } from 'vitest';
import { buildAuthenticator as buildAnywhere } from '../../../src/builders/build-authenticator.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

const login: CredentialFields = {
  authType: 'AuthToken',
  url: 'https://api.example',
  authEndpoint: '/login',
  username: 'ada',
  password: 'open sesame',
  tokenKey: 'token',
};

const ways: readonly CredentialFields[] = [{ proxy: true, proxyHost: 'p.example' }, { sslverifypeer: false }];

/** Says that it was asked, and gives a token. */
function recordingFetch() {
  const urls: string[] = [];
  const fetch = async (url: unknown) => {
    urls.push(String(url));
    return Response.json({ token: 'a-good-token' });
  };
  return { urls, fetch: fetch as typeof globalThis.fetch };
}

describe('buildAuthenticator', () => {
  it.each([...ways, { ca_path: '/etc/ca.pem' }])('of authwire refuses %o, and says who honours it', (fields) => {
    const build = () => buildAnywhere({ ...login, ...fields });
    expect(build).toThrow(ConfigurationError);
    expect(build).toThrow(/import buildAuthenticator from 'authwire\/node'/);
  });

  it.each(['transport', 'fetch'] as const)('of both takes them where a %s is given, and uses it', async (option) => {
    for (const build of [buildAnywhere, buildAuthenticator]) {
      for (const fields of ways) {
        const { urls, fetch } = recordingFetch();
        const options = option === 'fetch' ? { fetch } : { transport: { fetch } };
        const auth = build({ ...login, ...fields }, options);
        await auth.authenticate({ request: fakeRequest() });
        expect(urls).toEqual(['https://api.example/login']);
      }
    }
  });

  it('prefers the fetch to the transport', async () => {
    const [own, other] = [recordingFetch(), recordingFetch()];
    const auth = buildAuthenticator(login, { fetch: own.fetch, transport: other });
    await auth.authenticate({ request: fakeRequest() });
    expect([own.urls.length, other.urls.length]).toEqual([1, 0]);
  });

  it('of authwire/node takes them alone, and still finds what is wrong with them', () => {
    for (const fields of ways) expect(buildAuthenticator({ ...login, ...fields }).getName()).toBe('AuthToken');
    const wrong = () => buildAuthenticator({ ...login, ca_path: '/no/such/file' });
    expect(wrong).toThrow(expect.objectContaining({ option: 'ca_path' }));
    expect(() => buildAuthenticator(undefined as never)).toThrow(ConfigurationError);
    expect(() => buildAuthenticator({ ...login, sslverifypeer: 'perhaps' })).toThrow(
      expect.objectContaining({ option: 'sslverifypeer' }),
    );
  });
});
