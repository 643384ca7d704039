import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

/** Runs a program of ours in a process of its own, whose garbage it may collect. */
async function run(program: string): Promise<unknown> {
  const args = ['--expose-gc', '--no-warnings', '--input-type=module-typescript', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 60_000 });
  return JSON.parse(stdout);
}

const imports = (names: Readonly<Record<string, string>>) =>
  Object.entries(names)
    .map(([name, path]) => `import { ${name} } from ${JSON.stringify(resolve(root, 'src', path))};`)
    .join('\n');

it.each([
  ['without', ''],
  ['with', imports({ textFilter: 'logging/text-filter.ts' })],
])(
  '50,000 dropped authenticators leave at most 5 MiB %s the engine',
  async (_how, engine) => {
    const program = `
    ${imports({ AuthApiKey: 'authenticators/api-key.ts', registry: 'secrets/registry.ts' })}
    ${engine}
    const settled = async () => { for (let i = 0; i < 5; i += 1) { gc(); await new Promise((done) => setImmediate(done)); } };
    const make = (from) => { for (let i = 0; i < 500; i += 1) new AuthApiKey({ header: 'x-key', key: 'k3y-' + from + i + 'Zq'.repeat(20) }); };
    make(-1); await settled();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 100; round += 1) { make(round * 500); await new Promise((done) => setImmediate(done)); }
    await settled();
    console.log(JSON.stringify({ grown: process.memoryUsage().heapUsed - before, values: [...registry.store.values()].length }));
  `;
    const { grown, values } = (await run(program)) as { grown: number; values: number };
    expect(grown).toBeLessThan(5 * 1024 * 1024);
    expect(values).toBeLessThanOrEqual(1000);
  },
  60_000,
);

it('learning a token costs microseconds', async () => {
  const program = `
    ${imports({ registerSecret: 'secrets/registry.ts', textFilter: 'logging/text-filter.ts' })}
    const owners = Array.from({ length: 500 }, () => ({}));
    const tokens = owners.map((_, i) => 'eyJhbGciOiJIUzI1NiJ9.' + String(i).padStart(1500, 'xY7') + '.sig');
    const times = owners.map((owner, i) => { const start = performance.now(); registerSecret(owner, 'token', tokens[i]); return performance.now() - start; });
    console.log(JSON.stringify(times.sort((a, b) => a - b)[250] * 1000));
    textFilter.mask('x');
  `;
  expect(await run(program)).toBeLessThan(20);
}, 60_000);
