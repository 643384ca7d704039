/** The snippets of docs/providers.md, unchanged, against servers that behave as each provider documents. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { apis } from '../helpers/providers/apis.ts';
import { google } from '../helpers/providers/google.ts';
import { type Answer, type Asked, environment, type Provider } from '../helpers/providers/kit.ts';
import { microsoft } from '../helpers/providers/microsoft.ts';
import { moreApis } from '../helpers/providers/more-apis.ts';
import { servers } from '../helpers/providers/servers.ts';
import { findSnippets, root, SnippetProject } from '../helpers/snippets.ts';

const providers = { ...microsoft, ...servers, ...google, ...apis, ...moreApis };
const snippets = findSnippets('providers.md', await readFile(join(root, 'docs/providers.md'), 'utf8'));
const traffic: { readonly path: string; readonly status: number }[] = [];
const faults: unknown[] = [];
let provider: Provider = {};
let project: SnippetProject;

const server = createServer(async (request, response) => {
  const url = new URL(`http:/${request.url}`);
  const path = url.host + url.pathname;
  const chunks = await request.toArray();
  const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  const { method = '', headers } = request;
  const query = Object.fromEntries(url.searchParams);
  const { status = 200, headers: more, json } = await answer(path, { method, headers, query, form });
  traffic.push({ path, status });
  response.writeHead(status, { 'content-type': 'application/json', ...more });
  response.end(JSON.stringify(json));
});

async function answer(path: string, asked: Asked): Promise<Answer> {
  try {
    return (await provider[path]?.(asked)) ?? { status: 404, json: { error: 'not_found' } };
  } catch (error) {
    faults.push(error);
    return { status: 400, json: { error: 'invalid_request' } };
  }
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  // Where the names of the providers lead: one server on loopback, which finds the host in front of the path.
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const { host, pathname, search } = new URL(request.url);
    return fetch(new Request(`${origin}/${host}${pathname}${search}`, request));
  });
  project = await SnippetProject.create('docs', snippets, ({ code }) => code);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
  await project.remove();
});

it.each(snippets)('runs: $file', async (snippet) => {
  const { api, at } = providers[snippet.file.replace('providers/', '')] ?? { api: '', at: {} };
  provider = at;
  traffic.length = 0;
  faults.length = 0;

  await project.run(snippet);

  expect(faults).toEqual([]);
  expect(traffic.at(-1)).toEqual({ path: api, status: 200 });
});

it('has a server for every snippet', () => {
  expect(snippets.map(({ file, kind }) => `${kind} ${file}`)).toEqual(
    Object.keys(providers).map((name) => `runnable providers/${name}`),
  );
});
