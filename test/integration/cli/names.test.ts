import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { AuthForward } from '../../../src/authenticators/forward.ts';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { folder } from '../../unit/config/folder.ts';

describe('what docs/names.md gives for the names of others', () => {
  it('APP_SERVICE_TS: a variable of ours selects AuthForward', () => {
    using place = folder();
    const env = { AUTHWIRE__AUTHTYPE: 'AuthForward', AUTHWIRE__OPTS: '{"incomingHeader":"x-foundry-accesstoken"}' };
    const incoming = () => ({ headers: {} });
    const user = '[profiles.default]\nurl = "https://api.example.com"\n';
    expect(buildAuthenticator(place.load({ user, env }).profile(), { incoming })).toBeInstanceOf(AuthForward);
  });

  it('.netrc: the entry of one machine', () => {
    using place = folder();
    const file = place.write(
      'netrc',
      'machine other login a password b\nmachine api.example.com login ada password sesame\n',
    );
    const program = '$1 == "machine" && $2 == "api.example.com" { print $6 }';
    expect(execFileSync('awk', [program, file], { encoding: 'utf8' })).toBe('sesame\n');
  });
});
