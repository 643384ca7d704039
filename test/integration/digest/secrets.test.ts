import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { drivers } from '../../helpers/clients.ts';
import { type DigestServer, startDigestServer } from '../../helpers/digest-server.ts';
import { leaks } from '../../helpers/leaks.ts';
import { bound, outcome } from '../contract/fixture.ts';

const PASSWORD = 'a-password-that-nobody-prints';
const HA1 = createHash('md5').update(`ada:a realm:${PASSWORD}`).digest('hex');

/** The password, what stands for it, and all that was made of it. */
function secretsOf({ hits }: DigestServer): string[] {
  return [PASSWORD, HA1, ...hits.flatMap(({ params }) => params.response ?? [])];
}

describe.each(drivers)('$name', (driver) => {
  it.each(['right', 'wrong'])('shows nothing of a password that is %s', async (which) => {
    const server = await startDigestServer({ password: which === 'right' ? PASSWORD : 'another one' });
    const auth = new AuthDigest({ username: 'ada', password: PASSWORD });
    const send = driver.create(auth, bound(server));
    for (let call = 0; call < 2; call += 1) {
      const { response, error } = await outcome(driver, send({ url: server.url('/x?q=1') }));
      expect(leaks(response?.native, ...secretsOf(server))).toEqual([]);
      expect(leaks(error, ...secretsOf(server))).toEqual([]);
    }
    expect(secretsOf(server).length).toBeGreaterThan(3);
    expect(leaks(auth, ...secretsOf(server))).toEqual([]);
  });

  it('shows nothing in what a broken connection or a foreign redirect gives', async () => {
    const [server, other] = [
      await startDigestServer({ password: PASSWORD }),
      await startDigestServer({ open: ['/x'] }),
    ];
    const send = driver.create(new AuthDigest({ username: 'ada', password: PASSWORD }), bound(server));
    await outcome(driver, send({ url: server.url('/first') }));
    const away = `/go?to=${encodeURIComponent(other.url('/x'))}`;
    const results = [await outcome(driver, send({ url: server.url(away) }))];
    const unreachable = server.url('/go?to=http://127.0.0.1:1/');
    results.push(await outcome(driver, send({ url: unreachable })));
    for (const { response, error } of results) {
      expect(leaks(response?.native, ...secretsOf(server))).toEqual([]);
      expect(leaks(error, ...secretsOf(server))).toEqual([]);
    }
    expect(other.hits.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});
