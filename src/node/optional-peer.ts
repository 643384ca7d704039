import { join } from 'node:path';

/** What came of loading a package that the user may have installed. */
export type OptionalPeer<T> =
  | { readonly found: true; readonly module: T; readonly path: string }
  | { readonly found: false; readonly reason: string };

/**
 * Loads a CommonJS package that is an optional peer dependency. It is looked for beside authwire first, then from the
 * working directory, because some package managers hide a peer from a package that is linked or bundled.
 */
export function optionalPeer<T>(name: string): OptionalPeer<T> {
  // An import of `createRequire` would collide with the import that esbuild users put in the banner of their bundles.
  const { createRequire } = process.getBuiltinModule('node:module');
  let reason = '';
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    // A CommonJS bundle has no import.meta.url.
    if (from === undefined) continue;
    try {
      const require = createRequire(from);
      const path = require.resolve(name);
      return { found: true, module: require(path) as T, path };
    } catch (error) {
      if (reason === '' || (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') reason = explain(name, error);
    }
  }
  return { found: false, reason };
}

function explain(name: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'MODULE_NOT_FOUND'
    ? `the package ${name}: npm install ${name}`
    : `the package ${name}, which does not load on this system (${code ?? 'no binary for it'})`;
}
