import { expect, it } from 'vitest';
import * as core from '../../../src/index.ts';
import { registry } from '../../../src/secrets/registry.ts';
import { hasEngine } from './engine.ts';
import * as logs from './logs.ts';

it(`the suite runs ${hasEngine ? 'with' : 'without'} authwire/logging`, () => {
  expect(core).toBeDefined();
  expect(logs).toBeDefined();
  expect(registry.engine !== undefined).toBe(hasEngine);
});
