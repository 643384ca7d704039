// Prints what whole programs weigh, dependencies included: one file, minified, `gzip -9`. Fails where a program
// outgrows its ceiling, where an entry point that runs anywhere does not bundle for browsers, and where the README states a
// size that is not true. `--write` puts the sizes into the README.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { entries, nodeOnly } from './entries.mjs';
import { staleSizes, writeSizes } from './readme-sizes.mjs';

const root = new URL('..', import.meta.url).pathname;
/** Clients are the user's own. */
const clients = ['axios', 'got', 'ky', 'undici'];

/**
 * Text of a program, its ceiling, budget and aim in kB. The ceiling is what it weighs today, and only ever goes down; the
 * budget is what it has to come to. Programs are bundled for browsers, and weighed as Workers load them, too, where that
 * differs; the last figure is the ceiling there.
 *
 * @type {readonly (readonly [program: string, ceiling: number, budget: number, aim: number, elsewhere?: number])[]}
 */
const programs = [
  ['fetchAuth(new AuthBasic({ username, password }))', 10.0, 10, 6, 11.1],
  ['fetchAuth(new AuthBearer(requestToken))', 18.7, 16, 9, 19.8],
  ['kyAuth(new AuthApiKey({ header, key }))', 10.3, 10.5, 6.5, 11.4],
  ['axiosAuth(new AuthBasic({ username, password }))', 12.8, 13, 8],
  ['gotAuth(new AuthBearer(requestToken))', 20.4, 18, 11],
  ['fetchAuth(new AuthOAuth2(clientCredentials({ issuer, clientId, clientSecret })))', 30.9, 30, 18, 32.0],
  ['fetchAuth(new AuthDigest({ username, password }))', 16.1, 17, 11, 17.2],
];

const peers = /** @type {const} */ ([
  ['@octokit/auth-token', 'createTokenAuth(token)', "import { createTokenAuth } from '@octokit/auth-token'"],
  ['ofetch', 'ofetch(url)', "import { ofetch } from 'ofetch'"],
  [
    '@badgateway/oauth2-client',
    'new OAuth2Fetch({ client: new OAuth2Client(settings) })',
    "import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'",
  ],
  [
    'openid-client',
    'clientCredentialsGrant(await discovery(server, clientId))',
    "import { clientCredentialsGrant, discovery } from 'openid-client'",
  ],
  ['google-auth-library', 'new OAuth2Client(options)', "import { OAuth2Client } from 'google-auth-library'"],
]);

/** What stands on Node's own modules. */
const needsNode = /gotAuth|google-auth-library/;

const homes = await homesOfNames();
let failed = false;
/** @type {[string, number, number?, number?, number?][]} */
const rows = [];
for (const [program, ceiling, budget, aim, elsewhere] of programs) {
  const imports = importsOf(program);
  rows.push([program, await weigh(imports, program), ceiling, budget, aim]);
  if (elsewhere !== undefined) rows.push(['  on Workers', await weigh(imports, program, ['workerd']), elsewhere]);
}
rows.push(['authwire/logging, all of it', await weigh("export * from 'authwire/logging'"), 14.9, 15, 12]);
for (const [name, program, imports] of peers) rows.push([`${name}: ${program}`, await weigh(imports, program)]);

console.log('   kB ceiling budget aim  program');
for (const [program, size, ceiling = Infinity, budget = Infinity, aim] of rows) {
  failed ||= size > ceiling;
  const figures = [size.toFixed(1), ceiling, budget, aim ?? ''].map((figure) =>
    String(figure === Infinity ? '' : figure).padStart(6),
  );
  const verdict = size > ceiling ? '  OUTGREW ITS CEILING' : size > budget ? '  over its budget' : '';
  console.log(`${figures.join(' ')}  ${program}${verdict}`);
}

// Who imports it for its effect has the engine.
if ((await weigh("import 'authwire/logging'")) < 5) {
  failed = true;
  console.log("bundlers drop what import 'authwire/logging' does");
}

for (const entry of Object.keys(entries).filter((name) => !nodeOnly.includes(name))) {
  const problem = await browserProblem(entry.replace('.', 'authwire'));
  if (problem === undefined) continue;
  failed = true;
  console.log(`${entry} does not bundle for browsers: ${problem}`);
}

const texts = programs.map(([program]) => program);
const measured = new Map(rows.filter(([program]) => texts.includes(program)).map(([program, size]) => [program, size]));
if (process.argv.includes('--write')) writeSizes(measured);
for (const [program, size] of staleSizes(measured)) {
  failed = true;
  console.log(`The README is wrong about ${program}: ${size.toFixed(1)} kB. Run npm run check:size -- --write.`);
}
if (failed) process.exitCode = 1;

/** Which entry point exports a name. */
async function homesOfNames() {
  const found = new Map();
  for (const entry of Object.keys(entries)) {
    const specifier = entry.replace('.', 'authwire');
    for (const name of Object.keys(await import(specifier))) if (!found.has(name)) found.set(name, specifier);
  }
  return found;
}

/** @param {string} program */
function importsOf(program) {
  const names = (program.match(/\w+(?=\()/g) ?? []).map((name) => {
    if (!homes.has(name)) throw new Error(`no entry point exports ${name}`);
    return `import { ${name} } from '${homes.get(name)}'`;
  });
  return names.join(';\n');
}

/**
 * @param {string} imports
 * @param {string} [program] - An expression; its free variables stay free.
 * @param {string[]} [conditions]
 */
async function weigh(imports, program, conditions = []) {
  const contents = program === undefined ? imports : `${imports};\nexport const result = ${program};`;
  const { outputFiles } = await build({
    ...options(contents),
    platform: needsNode.test(contents) ? 'node' : 'browser',
    conditions,
    target: 'es2023',
    external: clients,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000;
}

/** @param {string} specifier */
async function browserProblem(specifier) {
  try {
    await build({ ...options(`export * from '${specifier}'`), platform: 'browser', external: clients });
    return undefined;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}

/**
 * @param {string} contents
 * @returns {import('esbuild').BuildOptions & { write: false }}
 */
function options(contents) {
  return {
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    legalComments: 'none',
    logLevel: 'silent',
    // Not the `paths` of tsconfig.json: what is weighed is the package, under the conditions of its `exports`.
    tsconfigRaw: {},
  };
}
