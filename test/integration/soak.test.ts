import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

const PROGRAM = new URL('../soak/main.ts', import.meta.url).pathname;

/** The ten minutes of `npm run test:soak`, short. The program prints its verdict also where it is bad. */
function soak(seconds: number): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--expose-gc', PROGRAM, String(seconds)], (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout));
    });
  });
}

it('20 s under load and faults: no call fails that could have succeeded, nothing is reused, left over or kept', async () => {
  const { failed, reused, unhandled, handles, growthMib, calls, served } = await soak(20);
  expect({ failed, reused, unhandled, handles }).toEqual({ failed: {}, reused: [], unhandled: [], handles: [] });
  expect(growthMib).toBeLessThanOrEqual(5);
  expect(served).toBeGreaterThan((calls as number) / 2);
}, 120_000);
