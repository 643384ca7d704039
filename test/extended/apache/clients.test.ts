import { describe, expect, inject, it } from 'vitest';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { drivers } from '../../helpers/clients.ts';
import { ALICE } from '../../helpers/digest-scenarios/users.ts';
import { bound, outcome } from '../../integration/contract/fixture.ts';

const { origin } = inject('apache');

describe.each(drivers)('$name', (driver) => {
  const open = () => driver.create(new AuthDigest({ ...ALICE, strict: true }), bound({ origin }));

  it('gets through, with a query and with a body, and apache proves that it knows the password', async () => {
    const send = open();
    const first = await outcome(driver, send({ url: `${origin}/digest/a%20b?q=%2F&x='y'` }));
    expect(first.text).toMatch(/^user=alice method=GET uri=\/digest\/a%20b\?q=%2F&x=(?:'y'|%27y%27) body=$/);
    const second = await outcome(driver, send({ url: `${origin}/digest/x`, method: 'POST', json: { a: 1 } }));
    expect(second.text).toBe('user=alice method=POST uri=/digest/x body={"a":1}');
  });

  it.each(['digest', 'once'])('gets through with many calls at the same time (%s)', async (place) => {
    const send = open();
    for (let round = 0; round < 2; round += 1) {
      const urls = Array.from({ length: 20 }, (_, i) => `${origin}/${place}/${i}`);
      const results = await Promise.all(urls.map((url) => outcome(driver, send({ url }))));
      expect(results.map(({ status, error }) => status ?? error)).toEqual(Array(20).fill(200));
    }
  });
});
