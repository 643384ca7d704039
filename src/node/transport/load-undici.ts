/** undici is an optional peer, loaded when a client first needs it. */

import { ConfigurationError } from '../../errors.ts';
import { errorCode } from '../../secrets/plain-cause.ts';

export type Undici = typeof import('undici') & {
  /** From undici 8 on: speaks the protocol that the fetch of an older Node expects. */
  readonly Dispatcher1Wrapper?: new (
    inner: import('undici').Dispatcher,
  ) => import('undici').Dispatcher;
};

let loaded: Undici | undefined;

/**
 * Loads undici. Bundlers see this import, and take undici into the bundle.
 *
 * @throws {@link ConfigurationError} where undici is not installed, or newer than this Node can load.
 */
export async function importUndici(): Promise<Undici> {
  if (loaded !== undefined) return loaded;
  try {
    const { default: undici } = await import('undici');
    loaded = undici;
    return loaded;
  } catch (cause) {
    throw cannotLoad(cause);
  }
}

/**
 * Loads undici for a caller who cannot wait. A bundler does not see this.
 *
 * @throws {@link ConfigurationError} as {@link importUndici}.
 */
export function requireUndici(): Undici {
  try {
    // An import of `createRequire` would collide with the import that esbuild users put in the banner of their bundles.
    const { createRequire } = process.getBuiltinModule('node:module');
    loaded ??= createRequire(import.meta.url)('undici') as Undici;
    return loaded;
  } catch (cause) {
    throw cannotLoad(cause);
  }
}

function cannotLoad(cause: unknown): ConfigurationError {
  const missing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(String(errorCode(cause)));
  const what = missing
    ? "install it (npm install undici), or in a bundle give it: import undici from 'undici'; createTransport({ undici })"
    : `this Node (${process.version}) cannot load it`;
  return new ConfigurationError(`fetch, ky and undici need the package undici; ${what}.`, { cause, option: 'undici' });
}
