/** What the matrix installs: exact versions, so that a run today and one next year differ by our own code only. */

const platform = `${process.platform}-${process.arch}`;

/** Versions of Node, by major. Node's own builds are packages of a platform. */
export const nodes = {
  20: `npm:node-${platform}@20.20.2`,
  22: `npm:node-${platform}@22.23.3`,
  24: `npm:node-${platform}@24.21.0`,
  26: `npm:node-${platform}@26.10.0`,
};

/** Compilers, by version. */
export const compilers = {
  5.4: 'npm:typescript@5.4.5',
  5.7: 'npm:typescript@5.7.3',
  5.9: 'npm:typescript@5.9.3',
  '6.0': 'npm:typescript@6.0.3',
  '7.0': 'npm:typescript@7.0.2',
};

/** `@types/node`, by major. */
export const nodeTypes = {
  20: 'npm:@types/node@20.19.43',
  22: 'npm:@types/node@22.20.7',
  24: 'npm:@types/node@24.19.4',
};

export const tools = {
  ...named('node', nodes),
  ...named('typescript', compilers),
  ...named('types-node', nodeTypes),
  '@types/node': '24.19.4',
  bun: '1.4.5',
  deno: '2.9.6',
  esbuild: '0.28.2',
  jest29: 'npm:jest@29.7.0',
  jest30: 'npm:jest@30.5.2',
  miniflare: '4.20260730.0',
  rolldown: '1.2.19',
  'ts-node': '10.9.2',
  tsx: '4.23.15',
  typescript: '5.9.3',
  vite: '8.4.0',
  vitest: '4.1.12',
  webpack: '5.113.0',
};

/** The newest clients that Node 20 loads, and the newest of all. */
export const clients = {
  old: { axios: '1.21.1', got: '14.6.6', ky: '1.14.3', undici: '7.30.2' },
  new: { axios: '1.21.1', got: '16.1.0', ky: '2.1.0', undici: '8.13.1' },
};

/**
 * @param {string} name
 * @param {Readonly<Record<string, string>>} versions
 */
function named(name, versions) {
  return Object.fromEntries(Object.entries(versions).map(([version, source]) => [`${name}${version}`, source]));
}
