import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { entries, fileOf, inBrowsers, onNode } from '../../../scripts/entries.mjs';
import { hintAt } from '../../../src/fields/nearest.ts';

describe('a misspelt option', () => {
  afterEach(() => vi.resetModules());

  it.each(['src/builders/index.ts', 'src/config/index.ts', 'src/node/index.ts'])(
    'is recognized beside %s',
    async (file) => {
      vi.resetModules();
      await import(`../../../${file}`);
      const { AuthNone, AuthBasic } = await import('../../../src/index.ts');
      expect(() => new AuthNone({ orgins: [] } as never)).toThrow(
        "AuthNone has no option 'orgins'. Did you mean 'origins'?",
      );
      expect(() => new AuthBasic({ pass_word: 'x' } as never)).toThrow("Did you mean 'password'?");
      expect(() => new AuthNone({ colour: 'blue' } as never)).toThrow('It takes: origins, ');
    },
  );

  it('is answered with the list of names in a program that has none of these entries', async () => {
    vi.resetModules();
    const { AuthNone } = await import('../../../src/index.ts');
    expect(() => new AuthNone({ orgins: [] } as never)).toThrow("has no option 'orgins'. It takes: origins, ");
  });

  it('has no name that is near where nothing is', () => {
    expect(hintAt('colour', ['origins', 'debug'])).toBe('It takes: origins, debug.');
    expect(hintAt('clientID', ['clientId', 'issuer'])).toBe("Did you mean 'clientId'?");
  });
});

/** What bundlers would drop otherwise. */
it('names in package.json every entry that does something when it is loaded', () => {
  const files = [
    ...Object.entries(entries).map(([entry, source]) => [fileOf(entry), source] as const),
    ...Object.entries(onNode).map(([entry, source]) => [`${fileOf(entry)}-node`, source] as const),
    ...Object.entries(inBrowsers).map(([entry, source]) => [`${fileOf(entry)}-browser`, source] as const),
  ];
  const active = files.filter(([, source]) => /^\w[\w.]*(?: = |\()/m.test(readFileSync(source, 'utf8')));
  expect(active.map(([file]) => file).sort()).toEqual(['config', 'digest', 'fields', 'logging', 'node']);
  const listed = manifest.sideEffects.map((file) => file.replace(/^\.\/dist\/(?:cjs\/)?/, ''));
  for (const [file] of active) expect(listed.filter((one) => one === `${file}.js`)).toHaveLength(2);
});
