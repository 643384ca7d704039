import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../src/challenge/parse.ts';
import { strongestChallenges } from '../../../src/challenge/select.ts';

describe('strongestChallenges', () => {
  it.each([
    ['Basic realm="a", Digest realm="b"', ['Basic', 'Digest'], ['digest']],
    ['Digest realm="b", Basic realm="a"', ['basic', 'digest'], ['digest']],
    ['Basic realm="a", Digest realm="b"', ['Basic'], ['basic']],
    ['Bearer, DPoP algs="ES256"', ['bearer', 'dpop'], ['dpop']],
    ['Basic, Bearer', ['basic', 'bearer'], ['bearer']],
    ['Basic, Keystone', ['basic', 'keystone'], ['keystone']],
    ['Keystone, Bearer', ['keystone', 'bearer'], ['bearer']],
    ['X-One, X-Two', ['x-two', 'x-one'], ['x-two']],
    ['Digest algorithm=SHA-256, Basic, Digest algorithm=MD5', ['basic', 'digest'], ['digest', 'digest']],
  ])('%s with %j configured', (field, configured, schemes) => {
    expect(strongestChallenges(parseChallenges(field), configured).map(({ scheme }) => scheme)).toEqual(schemes);
  });

  it.each(['Negotiate, NTLM', '', 'Basic-ish realm="x"'])('answers nothing that is not configured: %j', (field) => {
    expect(strongestChallenges(parseChallenges(field), ['basic', 'digest'])).toEqual([]);
  });

  it("keeps the server's order, so that the scheme can choose among its own", () => {
    const challenges = parseChallenges('Digest algorithm=SHA-256, Digest algorithm=MD5');
    expect(strongestChallenges(challenges, ['digest'])).toEqual(challenges);
  });
});
