import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { presentedCredentials } from '../helpers/protected-api/hit.ts';
import { type Hit, type ProtectedApi, startProtectedApi } from '../helpers/protected-api.ts';

// All ```ts blocks of the README are type-checked, and those marked ```ts runnable are run: these hosts then stand for
// a loopback server, and the environment holds what a reader would have put there.
const HOSTS = /https:\/\/(?:api|login)\.example\.com/g;
const ENVIRONMENT = { API_PASSWORD: 'open sesame', API_KEY: 'key-1', API_TOKEN: 'token-1', CLIENT_SECRET: 'client-1' };
const GOOD = [btoa('ada:open sesame'), 'key-1', 'token-1', 'token-2'];

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Snippet {
  readonly line: number;
  readonly runnable: boolean;
  readonly code: string;
}

const snippets = findSnippets(await readFile(join(root, 'README.md'), 'utf8'));
let folder: string;
let api: ProtectedApi;

beforeAll(async () => {
  // In the repository, so that the snippets find what it has installed.
  folder = await mkdtemp(join(root, '.readme-'));
  api = await startProtectedApi();
  const files = snippets.map(({ line }) => `${line}.ts`);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', files, include: [] }));
  for (const { line, code } of snippets) {
    await writeFile(fileOf(line), `${code.replace(HOSTS, api.origin)}\nexport {};\n`);
  }
});

beforeEach(() => {
  api.reset();
  api.accept(...GOOD);
  api.on('/token', ({ response }) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'token-2', token_type: 'Bearer', expires_in: 3600 }));
  });
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockImplementation(() => {});
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all([rm(folder, { recursive: true }), api.close()]);
});

describe('the snippets of the README', () => {
  it('all type-check', async () => {
    expect(await typeErrors()).toBe('');
  }, 60_000);

  it.each(snippets.filter(({ runnable }) => runnable))('run: line $line', async ({ line }) => {
    await import(/* @vite-ignore */ fileOf(line));

    const calls = api.hits.filter(({ path }) => path !== '/token');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.at(-1)).toSatisfy(isAccepted);
  });
});

function findSnippets(markdown: string): Snippet[] {
  return [...markdown.matchAll(/^```ts( runnable)?\n(.*?)^```$/gms)].map(({ index, 1: runnable, 2: code = '' }) => ({
    line: markdown.slice(0, index).split('\n').length,
    runnable: runnable !== undefined,
    code,
  }));
}

function fileOf(line: number): string {
  return join(folder, `${line}.ts`);
}

/** What the compiler says of all snippets together; each line names the line where its snippet begins. */
function typeErrors(): Promise<string> {
  const tsc = join(root, 'node_modules/.bin/tsc');
  return new Promise((resolve) => {
    execFile(tsc, ['--pretty', 'false'], { cwd: folder }, (error, out) => resolve(error ? out || error.message : ''));
  });
}

function isAccepted(hit: Hit): boolean {
  return presentedCredentials(hit).some((credential) => api.current.has(credential));
}
