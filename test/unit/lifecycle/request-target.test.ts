import { expect, it } from 'vitest';
import { fetchTarget } from '../../../src/lifecycle/request-target.ts';

it.each([
  ['https://api.example.com', '/'],
  ['https://api.example.com/a/b?c=d', '/a/b?c=d'],
  ['https://api.example.com/a?', '/a?'],
  ['https://api.example.com/a?#', '/a?'],
  ['https://api.example.com/a#b?c', '/a'],
  ['http://[::1]:8080//a', '//a'],
  ['http://ada:open sesame@api.example.com:8080/a', '/a'],
  ['http://ada:%2F%23@api.example.com/a', '/a'],
  ['http:/\\api.example.com\\a', '/a'],
])('%s is sent to %s', (url, target) => {
  expect(fetchTarget(new URL(url))).toBe(target);
});
