import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { presentedCredentials } from '../helpers/protected-api/hit.ts';
import { guarded, type Hit, type ProtectedApi, startProtectedApi } from '../helpers/protected-api.ts';
import { findSnippets, root, SnippetProject } from '../helpers/snippets.ts';

// All ```ts blocks of the README are type-checked, and those marked ```ts runnable are run: these hosts then stand for
// a loopback server, and the environment holds what a reader would have put there.
const HOSTS = /https:\/\/(?:api|login)\.example\.com/g;
const ENVIRONMENT = { API_PASSWORD: 'open sesame', API_KEY: 'key-1', API_TOKEN: 'token-1', CLIENT_SECRET: 'client-1' };
const GOOD = [btoa('ada:open sesame'), 'key-1', 'token-1', 'token-2'];

const snippets = findSnippets('README.md', await readFile(join(root, 'README.md'), 'utf8'));
let project: SnippetProject;
let api: ProtectedApi;
let printed: string[];

beforeAll(async () => {
  api = await startProtectedApi();
  project = await SnippetProject.create('readme', snippets, ({ code }) => code.replace(HOSTS, api.origin));
});

beforeEach(() => {
  api.reset();
  api.accept(...GOOD);
  const reports = guarded(({ response }) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(['May', 'June']));
  });
  api.on('/reports', reports);
  api.on('/token', ({ response }) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'token-2', token_type: 'Bearer', expires_in: 3600 }));
  });
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(format(...values)));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all([project.remove(), api.close()]);
});

describe('the snippets of the README', () => {
  it('all type-check', async () => {
    expect(await project.typeErrors()).toBe('');
  }, 60_000);

  it.each(snippets.filter(({ kind }) => kind === 'runnable'))('run and print: line $line', async (snippet) => {
    await project.run(snippet);

    const calls = api.hits.filter(({ path }) => path !== '/token');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.at(-1)).toSatisfy(isAccepted);
    expect(printed).toEqual(promised(snippet.code));
  });
});

/** What a snippet says that it prints: the comments behind `console.log(…)`. */
function promised(code: string): string[] {
  return [...code.matchAll(/^ *console\.log\(.*\);(?: \/\/ (.*))?$/gm)].map(([, comment = '']) => comment);
}

function isAccepted(hit: Hit): boolean {
  return presentedCredentials(hit).some((credential) => api.current.has(credential));
}
