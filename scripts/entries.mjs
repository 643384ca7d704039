/**
 * The package's entry points, and the source of each. A new one takes a line here and `npm run entries`, which writes what
 * package.json and tsconfig.json have to say about it.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const entries = {
  '.': 'src/index.ts',
  './oauth': 'src/entries/oauth.ts',
  './digest': 'src/entries/digest.ts',
  './openstack': 'src/entries/openstack.ts',
  './axios': 'src/adapters/axios.ts',
  './got': 'src/adapters/got.ts',
  './ky': 'src/adapters/ky.ts',
  './fetch': 'src/adapters/fetch.ts',
  './undici': 'src/adapters/undici.ts',
  './fields': 'src/builders/index.ts',
  './logging': 'src/logging/index.ts',
  './node': 'src/node/index.ts',
  './config': 'src/config/index.ts',
};

/**
 * What Node, Deno and Bun load instead of an entry point: the same names, without what stands in for Node's modules.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const onNode = {
  './digest': 'src/entries/digest-node.ts',
};

/**
 * What browsers load instead of an entry point: the same names, without what follows redirects by hand. Their fetch hides
 * where a redirect leads.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const inBrowsers = {
  './axios': 'src/adapters/axios-browser.ts',
  './ky': 'src/adapters/ky-browser.ts',
  './fetch': 'src/adapters/fetch-browser.ts',
};

/** Conditions of platforms whose bundlers also name `browser`, and whose fetch shows redirects. */
export const notBrowsers = ['workerd', 'worker', 'edge-light', 'react-native'];

/** Entry points that need Node; all others also run in browsers and on edge runtimes. */
export const nodeOnly = ['./got', './node', './config'];

/**
 * The file of an entry in `dist`, without its extension.
 *
 * @param {string} entry
 */
export function fileOf(entry) {
  return entry === '.' ? 'index' : entry.slice('./'.length);
}
