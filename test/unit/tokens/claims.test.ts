import { expect, it } from 'vitest';
import { understandClaims } from '../../../src/tokens/claims.ts';
import { covers, unionOfDemands } from '../../../src/tokens/demand.ts';

const wide = { claims: '{"id_token":{"acr":null,"amr":null}}' };
const narrow = { claims: '{"id_token":{"amr":null}}' };

it('claims are text for programs without step-ups, and JSON once step-ups are handled', () => {
  expect(covers(wide, wide)).toBe(true);
  expect(covers(wide, narrow)).toBe(false);
  expect(unionOfDemands(wide, narrow)).toEqual(narrow);
  understandClaims();
  expect(covers(wide, narrow)).toBe(true);
  expect(unionOfDemands(narrow, wide)).toEqual(wide);
});
