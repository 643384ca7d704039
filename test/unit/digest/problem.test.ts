import { expect, it } from 'vitest';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { parseChallenges } from '../../../src/challenge/parse.ts';
import { digestProblem } from '../../../src/digest/challenge.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

it.each([
  ['Basic realm="x"', 'no Digest challenge'],
  ['Digest nonce="n"', 'no realm'],
  ['Digest realm="x"', 'no nonce'],
  ['Digest realm="x", nonce="n", algorithm=SHA-1', 'unknown algorithm SHA-1'],
  ['Digest realm="x", nonce="n", qop="auth-conf"', 'unknown qop auth-conf'],
  ['Digest realm="x", nonce="n"', "MD5, which option 'allowMd5' forbids"],
  [`Digest realm="${'x'.repeat(5000)}", nonce="n"`, 'challenge too long, or not sendable'],
  ['Digest realm="x", nonce="n", algorithm=SHA-256', 'login refused, or algorithm weaker than before'],
  ['Digest nonce="n", Digest realm="x", nonce="n", algorithm=foo', 'no realm; unknown algorithm foo'],
])('%s: %s', (field, problem) => {
  expect(digestProblem(parseChallenges(field), { allowMd5: false })).toBe(problem);
});

it('a debug line says why a challenge is handed on', () => {
  const lines: unknown[] = [];
  const logger = { debug: (...args: unknown[]) => lines.push(args) };
  const auth = new AuthDigest({ username: 'ada', password: 'open sesame', debug: true, logger });
  const request = fakeRequest();
  const call = auth.authenticate({ request }) as Parameters<AuthDigest['checkResult']>[1];
  const headers = new Headers({ 'www-authenticate': 'Digest realm="x", nonce="n", algorithm=SHA-1' });
  expect(auth.checkResult({ status: 401, headers, request }, call)).toBe(false);
  expect(JSON.stringify(lines)).toContain('unknown algorithm SHA-1');
});
