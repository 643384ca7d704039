import { expect, test } from 'vitest';
import { calls } from './calls.cjs';

test.each(process.env.MATRIX_CLIENTS.split(','))('%s', async (client) => {
  expect(await calls[client]((name) => import(name))).toBe(200);
});
