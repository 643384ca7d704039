import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** What the program carries, dependencies included. */
async function bundled(contents: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: `${import.meta.dirname}/../../../src` },
    ...({ bundle: true, write: false, minify: true, metafile: true, format: 'esm', platform: 'browser' } as const),
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
}

const REFRESH = /\/tokens\/(?:refresh-|life\.|use-verdict)/;
const STORES = /async-mutex|\/tokens\/(?:store[a-z]*-|bound-store|fingerprint|memory-store)/;

it('programs without a store do not carry what stores need', async () => {
  const files = await bundled("export { AuthBearer } from './authenticators/bearer.ts'");
  expect(files).toContainEqual(expect.stringContaining('/tokens/token-vault.ts'));
  expect(files.filter((file) => STORES.test(file))).toEqual([]);
});

it.each([
  ['a function', "export { AuthBearer } from './authenticators/bearer.ts'"],
  ['client credentials', "export { clientCredentials } from './oauth/grants/client-credentials.ts'"],
])('programs with %s do not carry the life of refresh tokens', async (_name, program) => {
  expect((await bundled(program)).filter((file) => REFRESH.test(file))).toEqual([]);
});

it('a grant that refreshes brings it', async () => {
  const files = await bundled("export { refreshToken } from './oauth/grants/refresh-token.ts'");
  for (const part of ['refresh-vault', 'refresh-renewer', 'life.', 'use-verdict']) expect(files.join()).toContain(part);
});

it('a store brings it', async () => {
  const files = await bundled("export { MemoryTokenStore } from './tokens/memory-store.ts'");
  const found = files.filter((file) => STORES.test(file)).join();
  for (const part of ['async-mutex', 'stored-vault', 'stored-renewer', 'store-slot', 'fingerprint']) {
    expect(found).toContain(part);
  }
});
