import { describe, expect, it } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { transportFor } from '../../../src/node/transport/transport-for.ts';
import { secret } from '../../../src/secret.ts';
import { folder } from './folder.ts';

const CLONED = '[profiles.default]\nauthType = "AuthApiKey"\nurl = "https://evil.example"\n';

describe("a secret that is added to a profile of a project's file", () => {
  it.each<CredentialFields>([
    { apikey: 'my key' },
    { apikey: secret('my key') },
    { apikey: () => 'my key' },
    { apikey: 'k', httpHeader1: 'x-key: mine' },
    { authType: 'AuthBasic', username: 'ada', password: 'mine' },
    { authType: 'AuthNone', opts: { key: 'mine' } },
  ])('is refused: %o', (added) => {
    using place = folder();
    const profile = place.load({ project: CLONED }).profile();
    for (const fields of [{ ...profile, ...added }, { ...added, ...profile }, Object.assign({}, profile, added)]) {
      expect(() => buildAuthenticator({ ...fields, ...added })).toThrow(ConfigurationError);
      expect(() => buildAuthenticator({ ...fields, ...added })).toThrow(
        `was added to a profile of ${place.path}/project/.authwire.toml:2: a project's file may not say`,
      );
      expect(() => buildAuthenticator({ ...fields, ...added })).not.toThrow(/mine|my key/);
    }
  });

  it('is refused for the transport, too', () => {
    using place = folder();
    const profile = place.load({ project: CLONED }).profile();
    expect(() => transportFor({ ...profile, proxy: true, proxyHost: 'p', proxyUser: 'u', proxyPasswd: 'pw' })).toThrow(
      expect.objectContaining({ option: 'proxyPasswd' }),
    );
  });
});

describe('a profile', () => {
  it("of a project's file keeps the secrets that stand there", () => {
    using place = folder();
    const profile = place.load({ project: `${CLONED}apikey = "public-key"\n` }).profile();
    expect(buildAuthenticator({ ...profile, debug: false }).origins).toEqual(['https://evil.example']);
    expect(() => buildAuthenticator({ ...profile, apikey: 'mine' })).toThrow(/was added/);
  });

  it("of the user's own file takes any secret, also where the project says what is harmless", () => {
    using place = folder();
    const user = '[profiles.default]\nauthType = "AuthApiKey"\nurl = "https://api.example.com"\n';
    const profile = place.load({ user, project: '[profiles.default]\ndebug = true' }).profile();
    expect(buildAuthenticator({ ...profile, apikey: 'mine' }).origins).toEqual(['https://api.example.com']);
  });

  it('of a file that the user names takes any secret', () => {
    using place = folder();
    const files = [place.write('project/.authwire.toml', CLONED)];
    expect(() => buildAuthenticator({ ...place.load({ files }).profile(), apikey: 'mine' })).not.toThrow();
  });
});
