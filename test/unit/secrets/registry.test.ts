import { inspect } from 'node:util';
import { expect, it } from 'vitest';

/** Another copy of a file, as a second install or the CommonJS build has it. */
const copyOf = <T>(path: string, name: string): Promise<T> => import(/* @vite-ignore */ `${path}?${name}`);

type Registry = typeof import('../../../src/secrets/registry.ts');
type Filter = typeof import('../../../src/logging/text-filter.ts');

it('copies share secrets and the engine, whichever is loaded first', async () => {
  const first = await copyOf<Registry>('../../../src/secrets/registry.ts', 'a');
  const second = await copyOf<Registry>('../../../src/secrets/registry.ts', 'b');
  const [one, two] = [{}, {}];
  first.registerSecret(one, 'k', 'wordlike');
  expect(second.mask('a wordlike text')).toBe('a ***** text');
  const filter = await copyOf<Filter>('../../../src/logging/text-filter.ts', 'c');
  second.registerSecret(two, 'k', 'horse-radish');
  for (const { mask } of [first, second, filter.textFilter]) {
    expect(mask('a wordlike text, aG9yc2UtcmFkaXNo')).toBe('a ***** text, *****');
  }
  const other = await copyOf<Filter>('../../../src/logging/text-filter.ts', 'd');
  expect(other.textFilter.mask('a wordlike text')).toBe('a ***** text');
  const home = Object.getOwnPropertyDescriptor(globalThis, Symbol.for('authwire.secrets.v1'));
  expect(inspect(home, { showHidden: true, depth: 10 })).not.toMatch(/wordlike|radish/);
});
