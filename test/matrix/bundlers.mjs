import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} Job
 * @property {string} input
 * @property {string} output - The file to write.
 * @property {'esm' | 'cjs'} format
 */

/** What esbuild's users put into an ES module that has CommonJS packages in it, as undici, axios and yaml are. */
const requireOfNode = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * How users bundle a program for Node: everything goes in.
 *
 * @param {string} folder - Where the tools are installed.
 * @returns {Promise<Record<string, (job: Job) => Promise<unknown>>>}
 */
export async function loadBundlers(folder) {
  const require = createRequire(join(folder, 'package.json'));
  const load = (/** @type {string} */ name) => import(pathToFileURL(require.resolve(name)).href);
  const [esbuild, { rolldown }, vite, { default: webpack }] = await Promise.all(
    ['esbuild', 'rolldown', 'vite', 'webpack'].map(load),
  );
  return {
    esbuild: ({ input, output, format }) =>
      esbuild.build({
        entryPoints: [input],
        outfile: output,
        format,
        bundle: true,
        platform: 'node',
        target: 'node20',
        logLevel: 'silent',
        banner: format === 'esm' ? { js: requireOfNode } : {},
      }),
    rolldown: async ({ input, output, format }) => {
      const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' });
      await bundle.write({ file: output, format, codeSplitting: false });
    },
    vite: ({ input, output, format }) =>
      vite.build({
        root: dirname(input),
        configFile: false,
        logLevel: 'silent',
        ssr: { noExternal: true },
        build: {
          ssr: input,
          outDir: dirname(output),
          emptyOutDir: true,
          rolldownOptions: { output: { format, entryFileNames: output.slice(dirname(output).length + 1) } },
        },
      }),
    webpack: (job) => new Promise((resolve, reject) => webpack(webpackOptions(job), settle(resolve, reject))),
  };
}

/** @param {Job} job */
function webpackOptions({ input, output, format }) {
  const isModule = format === 'esm';
  return {
    entry: input,
    mode: 'production',
    target: 'node20',
    context: dirname(input),
    experiments: { outputModule: isModule },
    optimization: { minimize: false },
    output: {
      path: dirname(output),
      filename: output.slice(dirname(output).length + 1),
      module: isModule,
      chunkFormat: isModule ? 'module' : 'commonjs',
      chunkFilename: isModule ? '[id].mjs' : '[id].cjs',
    },
  };
}

/**
 * @param {(value: unknown) => void} resolve
 * @param {(error: unknown) => void} reject
 */
function settle(resolve, reject) {
  return (/** @type {Error | null} */ error, /** @type {any} */ stats) => {
    if (error !== null) reject(error);
    else if (stats.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
    else resolve(stats);
  };
}
