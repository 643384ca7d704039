import { describe, expect, it } from 'vitest';
import { addLayer, innermost, isSameChoice, withoutLayer } from '../../../../src/adapters/axios/layers.ts';
import type { AxiosAdapterFunction } from '../../../../src/adapters/axios/types.ts';

const [left, right] = [{}, {}];
const own: AxiosAdapterFunction = async () => ({ status: 200, headers: {}, config: {} as never, data: 'own' });
const add = (owner: object, inner: Parameters<typeof addLayer>[1]) => addLayer(owner, inner, DISPATCH).adapter;
const DISPATCH = async () => ({ status: 200, headers: {}, config: {} as never, data: '' });

describe('layers around an adapter', () => {
  it.each(['http', ['xhr', 'http'], own])('leave a bare adapter as it is: %s', (adapter) => {
    expect(withoutLayer(adapter, left)).toBe(adapter);
    expect(innermost(adapter)).toBe(adapter);
  });

  it('come off on the outside', () => {
    expect(withoutLayer(add(left, own), left)).toBe(own);
  });

  it('come off from below another, which stays', () => {
    const rest = withoutLayer(add(right, add(left, own)), left);

    expect(rest).not.toBe(own);
    expect(withoutLayer(rest, right)).toBe(own);
  });

  it('of another owner are the same function afterwards', () => {
    const theirs = add(right, own);

    expect(withoutLayer(theirs, left)).toBe(theirs);
  });

  it('show what is below all of them', () => {
    expect(innermost(add(right, add(left, 'http')))).toBe('http');
  });
});

describe('the same choice of adapters', () => {
  it.each([
    { left: 'http', right: 'http', same: true },
    { left: 'http', right: 'fetch', same: false },
    { left: ['xhr', 'http'], right: ['xhr', 'http'], same: true },
    { left: ['xhr', 'http'], right: ['http', 'xhr'], same: false },
    { left: ['http'], right: ['http', 'xhr'], same: false },
    { left: ['http'], right: 'http', same: false },
    { left: [own], right: [own], same: true },
  ])('$left and $right: $same', (pair) => {
    expect(isSameChoice(pair.left, pair.right)).toBe(pair.same);
  });
});
