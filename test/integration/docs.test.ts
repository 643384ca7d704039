import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportPKCS8, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import { browseTo } from '../helpers/authorization-server/browser.ts';
import { publicPart, signingKey } from '../helpers/authorization-server/keys.ts';
import {
  type AuthorizationServer,
  DEVICE_CODE,
  JWT_BEARER,
  startAuthorizationServer,
  TOKEN_EXCHANGE,
} from '../helpers/authorization-server.ts';

// All ```ts blocks of docs are type-checked, and those marked ```ts runnable are run against a real authorization server,
// which then stands for both hosts. What a user would do in a browser, the test does.
const CLIENT_SECRET = 'docs-client-secret';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'));
const snippets = (await Promise.all(pages.map(snippetsOf))).flat();
let folder: string;
let as: AuthorizationServer;

beforeAll(async () => {
  // In the repository, so that the snippets find what it has installed.
  folder = await mkdtemp(join(root, '.docs-'));
  const clientKey = await signingKey();
  as = await startAuthorizationServer({ clients: clients(publicPart(clientKey)) });
  vi.stubEnv('CLIENT_SECRET', CLIENT_SECRET);
  vi.stubEnv('API_PASSWORD', 'wonderland');
  vi.stubEnv('CLIENT_KEY', await pem(clientKey));
  vi.stubEnv('PRIVATE_KEY', await pem(as.bearerKey));
  const files = snippets.map(({ file }) => file);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', files, include: [] }));
  for (const { file, code } of snippets) {
    const local = code
      .replaceAll('https://login.example.com', as.issuer)
      // The resource server lives in a folder.
      .replaceAll("baseUrl: 'https://api.example.com'", `baseUrl: '${as.resource}/'`)
      .replaceAll(/\('\/(?=\w)/g, "('")
      .replaceAll('https://api.example.com', as.resource);
    await writeFile(join(folder, file), `${local}\nexport {};\n`);
  }
});

beforeEach(async () => {
  as.traffic.requests.length = 0;
  vi.stubEnv('REFRESH_TOKEN', await someRefreshToken());
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation((text) => void user(String(text)));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all([rm(folder, { recursive: true }), as.close()]);
});

describe('the snippets of the documentation', () => {
  it('all type-check', async () => {
    expect(await typeErrors()).toBe('');
  });

  it.each(snippets.filter(({ runnable }) => runnable))('run: $page line $line', async ({ file }) => {
    await import(/* @vite-ignore */ join(folder, file));

    const calls = as.traffic.requests.filter(({ path }) => path === '/api/me');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every(({ status }) => status === 200)).toBe(true);
  });
});

interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly file: string;
  readonly runnable: boolean;
  readonly code: string;
}

async function snippetsOf(page: string): Promise<Snippet[]> {
  const markdown = await readFile(join(root, 'docs', page), 'utf8');
  return [...markdown.matchAll(/^```ts( runnable)?\n(.*?)^```$/gms)].map(({ index, 1: runnable, 2: code = '' }) => {
    const line = markdown.slice(0, index).split('\n').length;
    return { page, line, file: `${page.replace(/\W/g, '-')}-${line}.ts`, runnable: runnable !== undefined, code };
  });
}

function clients(clientKey: JWK) {
  const machine = { redirect_uris: [], response_types: [] };
  const everything = ['client_credentials', 'password', 'refresh_token', TOKEN_EXCHANGE, JWT_BEARER];
  return [
    { client_id: 'reports', client_secret: CLIENT_SECRET, grant_types: everything, ...machine },
    {
      client_id: 'reports-signing',
      token_endpoint_auth_method: 'private_key_jwt' as const,
      jwks: { keys: [clientKey] },
      grant_types: ['client_credentials'],
      ...machine,
    },
    {
      client_id: 'reports-tv',
      token_endpoint_auth_method: 'none' as const,
      grant_types: [DEVICE_CODE, 'refresh_token'],
      ...machine,
    },
    {
      client_id: 'reports-cli',
      token_endpoint_auth_method: 'none' as const,
      application_type: 'native' as const,
      redirect_uris: ['http://127.0.0.1/cb'],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ];
}

async function pem(jwk: JWK): Promise<string> {
  return exportPKCS8((await importJWK(jwk, 'ES256', { extractable: true })) as CryptoKey);
}

async function someRefreshToken(): Promise<string> {
  const client = { tokenEndpoint: as.tokenEndpoint, clientId: 'reports', clientSecret: CLIENT_SECRET };
  const source = resourceOwnerPassword({ ...client, username: 'alice', password: 'wonderland' });
  return (await source.requestToken({ signal: AbortSignal.timeout(10_000) })).refreshToken ?? '';
}

/** Does what the snippets tell the user. */
async function user(told: string): Promise<void> {
  const code = / enter the code (\S+)/.exec(told)?.[1];
  if (code !== undefined) return as.approveDevice(code);
  const url = /^Open (\S+)$/.exec(told)?.[1];
  if (url !== undefined) await fetch((await browseTo(url)).url);
}

/** What the compiler says of all snippets together. */
function typeErrors(): Promise<string> {
  const tsc = join(root, 'node_modules/.bin/tsc');
  return new Promise((resolve) => {
    execFile(tsc, ['--pretty', 'false'], { cwd: folder }, (error, out) => resolve(error ? out || error.message : ''));
  });
}
