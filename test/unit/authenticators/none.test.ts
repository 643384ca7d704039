import { describe, expect, it } from 'vitest';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

describe('AuthNone', () => {
  it('adds nothing and takes nothing away', () => {
    const auth = new AuthNone();
    const request = fakeRequest({ headers: { authorization: 'mine', 'x-other': '1' } });
    expect(auth.authenticate()).toBeUndefined();
    auth.modifyRequest();
    expect(Object.entries(request.headers.fields)).toEqual([
      ['authorization', 'mine'],
      ['x-other', '1'],
    ]);
    expect(request.headers.added).toEqual([]);
  });

  it('lets every answer stand, a 401 too: there is nothing to renew', () => {
    expect(new AuthNone().checkResult()).toBe(true);
    expect((new AuthNone() as { checkResult(...all: unknown[]): unknown }).checkResult(fakeResponse(401))).toBe(true);
  });
});
