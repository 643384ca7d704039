import { describe, expect, it } from 'vitest';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { createCredentialFilter, credentialFilter } from '../../../src/logging/index.ts';
import { secret } from '../../../src/secret.ts';

describe('a password that happens to be JSON', () => {
  const leaf = 'Zq81-xk29-Lm40';
  const password = JSON.stringify({ region: 'frankfurt', release: leaf });

  it('is masked as a whole, and takes nothing that stands in it out of the logs', () => {
    const auth = new AuthBasic({ username: 'ada', password: secret(password) });
    expect(auth.authenticate()).toMatch(/^Basic /);
    expect(credentialFilter.mask(`password ${password}`)).toBe('password *****');
    expect(credentialFilter.mask(`deployed ${leaf} in frankfurt`)).toBe(`deployed ${leaf} in frankfurt`);
  });
});

describe('a JSON document that a program names as a secret', () => {
  const filter = createCredentialFilter({ graceMs: 0 });

  it('is masked in its random parts, which change with it', () => {
    filter.updateSecret('account', JSON.stringify({ type: 'service', key: 'Zq81-xk29-Lm40', pin: 'Wq17-xx31-Lm40' }));
    expect(filter.mask('Zq81-xk29-Lm40 Wq17-xx31-Lm40 service')).toBe('***** ***** service');
    filter.updateSecret('account', JSON.stringify({ type: 'service', key: 'Vb55-yk20-Nm41' }));
    expect(filter.mask('Zq81-xk29-Lm40 Wq17-xx31-Lm40 Vb55-yk20-Nm41')).toBe('Zq81-xk29-Lm40 Wq17-xx31-Lm40 *****');
    filter.removeSecret('account');
    expect(filter.mask('Vb55-yk20-Nm41')).toBe('Vb55-yk20-Nm41');
  });
});
