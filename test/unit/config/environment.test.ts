import { describe, expect, it } from 'vitest';
import { environmentLayer } from '../../../src/config/environment.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { messageOf } from './folder.ts';

interface Given {
  readonly selected?: string;
  readonly known?: readonly string[];
  readonly platform?: NodeJS.Platform;
}

function layerOf(env: Record<string, string>, { selected = 'default', known = [], platform = 'linux' }: Given = {}) {
  const { profiles } = environmentLayer({ env, selected, known, platform, directory: '/start' });
  return [...profiles].map(([name, entries]) => [name, [...entries.keys()].join()]);
}

describe('a variable', () => {
  it.each<[variable: string, given: Given, profile: string, field: string]>([
    ['AUTHWIRE__URL', {}, 'default', 'url'],
    ['AUTHWIRE__URL', { selected: 'prod' }, 'prod', 'url'],
    ['AUTHWIRE_PROD__URL', {}, 'prod', 'url'],
    ['AUTHWIRE_prod__url', {}, 'prod', 'url'],
    ['AUTHWIRE_PROD__URL', { known: ['Prod'] }, 'Prod', 'url'],
    ['AUTHWIRE_MY_PROD__URL', { known: ['my-prod', 'prod'] }, 'my-prod', 'url'],
    ['AUTHWIRE_MY_PROD__URL', { known: ['my_prod'] }, 'my_prod', 'url'],
    ['AUTHWIRE_NEW__URL', { known: ['old'], selected: 'new' }, 'new', 'url'],
    ['AUTHWIRE__CA_PATH', {}, 'default', 'ca_path'],
    ['AUTHWIRE__CAPATH', {}, 'default', 'ca_path'],
    ['AUTHWIRE__OAUTH2CLIENTID', {}, 'default', 'oauth2ClientId'],
    ['AUTHWIRE__OAUTH2_CLIENT_ID', {}, 'default', 'oauth2ClientId'],
    ['AUTHWIRE__oauth2ClientId', {}, 'default', 'oauth2ClientId'],
    ['AUTHWIRE__OAUTH2_TOKEN_URL', {}, 'default', 'oauth2TokenURL'],
    ['AUTHWIRE__HTTP_HEADER_1', {}, 'default', 'httpHeader1'],
    ['authwire__url', { platform: 'win32' }, 'default', 'url'],
  ])('%s with %j is a field of %s: %s', (variable, given, profile, field) => {
    expect(layerOf({ [variable]: '' }, given)).toEqual([[profile, field]]);
  });

  it.each<[variable: string, given: Given, message: string]>([
    ['AUTHWIRE_PASSWORD', {}, 'write AUTHWIRE__<FIELD> for the profile in use'],
    ['AUTHWIRE_', {}, 'write AUTHWIRE__<FIELD>'],
    ['AUTHWIRE__', {}, 'write AUTHWIRE__<FIELD>'],
    ['AUTHWIRE_PROD__', {}, 'write AUTHWIRE__<FIELD>'],
    ['AUTHWIRE_PROD__PASSWORD__ENV', {}, 'write AUTHWIRE__<FIELD>'],
    ['AUTHWIRE_PROD__PASSWORD__FILE__X', {}, 'write AUTHWIRE__<FIELD>'],
    ['AUTHWIRE__PASWORD', {}, "there is no such field. Did you mean 'password'?"],
    ['AUTHWIRE_PRDO__URL', { known: ['prod', 'dev'] }, 'there is no such profile. There are: prod, dev.'],
    ['AUTHWIRE_MY_PROD__URL', { known: ['my-prod', 'my_prod'] }, 'it may mean the profiles my-prod and my_prod.'],
    ['AUTHWIRE__URL__FILE', {}, 'only secrets are read from files.'],
  ])('%s with %j cannot be understood', (variable, given, message) => {
    const said = messageOf(() => layerOf({ [variable]: markedSecret('text') }, given));
    expect(said).toContain(`the environment variable ${variable} cannot be understood: ${message}`);
    expect(findMarks(said)).toEqual([]);
  });

  it.each([
    ['AUTHWIRE__DEBUG', "field 'debug' must be true or false."],
    ['AUTHWIRE__PROXY_PORT', "field 'proxyPort' must be a number that is not negative."],
    ['AUTHWIRE__OAUTH2_TYPE', "field 'oauth2Type' must be one of "],
  ])('%s holds what its field can', (variable, message) => {
    const said = messageOf(() => layerOf({ [variable]: markedSecret('text') }));
    expect(said).toContain(`${variable}: ${message}`);
    expect(findMarks(said)).toEqual([]);
  });

  it('is not ours under any other name', () => {
    const env = { AUTHWIRE_PROFILE: 'x', AUTHWIRE_CONFIG: 'y', AUTHWIRE: 'z', AUTHWIRES__URL: '', authwire__url: '' };
    expect(layerOf(env)).toEqual([]);
  });

  it('says nothing that another one says already', () => {
    const env = { AUTHWIRE__CA_PATH: 'a', AUTHWIRE_DEFAULT__CAPATH: 'b' };
    expect(() => layerOf(env)).toThrow('AUTHWIRE__CA_PATH and AUTHWIRE_DEFAULT__CAPATH set the same field: unset one.');
    const both = { AUTHWIRE__PASSWORD: 'a', AUTHWIRE__PASSWORD__FILE: 'b' };
    expect(() => layerOf(both)).toThrow(
      'AUTHWIRE__PASSWORD and AUTHWIRE__PASSWORD__FILE set the same field: unset one.',
    );
  });

  it('may name a file with the secret', () => {
    const env = { AUTHWIRE__PASSWORD__FILE: 'secrets/api' };
    const { profiles } = environmentLayer({ env, selected: 'default', known: [], directory: '/start' });
    const entry = profiles.get('default')?.get('password');
    expect(entry).toEqual({
      value: { from: 'file', name: '/start/secrets/api' },
      layer: 'environment',
      place: 'AUTHWIRE__PASSWORD__FILE',
      isOpen: true,
    });
  });
});
