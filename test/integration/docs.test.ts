import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { exportPKCS8, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import type { Token } from '../../src/tokens/token.ts';
import { browseTo } from '../helpers/authorization-server/browser.ts';
import { publicPart, signingKey } from '../helpers/authorization-server/keys.ts';
import {
  type AuthorizationServer,
  DEVICE_CODE,
  JWT_BEARER,
  startAuthorizationServer,
  TOKEN_EXCHANGE,
} from '../helpers/authorization-server.ts';
import { findSnippets, root, type Snippet, SnippetProject } from '../helpers/snippets.ts';

// All ```ts blocks of docs are type-checked. Those marked ```ts runnable are run against a real authorization server,
// which then stands for both hosts; those marked ```ts asserts bring their own server or mock, and check themselves. What a
// user would do in a browser, the test does.
const CLIENT_SECRET = 'docs-client-secret';
/** Pages whose snippets run in other docs-*.test.ts files. */
const ELSEWHERE = ['forward.md', 'generated-clients.md', 'providers.md', 'streaming.md'];

const pages = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'));
const texts = await Promise.all(pages.map((page) => readFile(join(root, 'docs', page), 'utf8')));
const snippets = pages.flatMap((page, index) => findSnippets(page, texts[index] ?? ''));
/** Code of other libraries, which nobody installs here. */
const javascript = pages.flatMap((page, index) =>
  [...(texts[index] ?? '').matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ''], block) => ({ page, block, code })),
);
let project: SnippetProject;
let as: AuthorizationServer;
let tokens: string;

beforeAll(async () => {
  const clientKey = await signingKey();
  as = await startAuthorizationServer({ clients: clients(publicPart(clientKey)) });
  tokens = await mkdtemp(join(tmpdir(), 'authwire-docs-'));
  vi.stubEnv('TOKEN_STORE', join(tokens, 'store'));
  vi.stubEnv('TOKEN_STORE_KEY', randomBytes(32).toString('base64'));
  vi.stubEnv('CLIENT_SECRET', CLIENT_SECRET);
  vi.stubEnv('API_PASSWORD', 'wonderland');
  vi.stubEnv('CLIENT_KEY', await pem(clientKey));
  vi.stubEnv('PRIVATE_KEY', await pem(as.bearerKey));
  vi.stubEnv('API_TOKEN', (await passwordLogin()).accessToken);
  project = await SnippetProject.create('docs', snippets, localized);
});

beforeEach(async () => {
  as.traffic.requests.length = 0;
  vi.stubEnv('REFRESH_TOKEN', (await passwordLogin()).refreshToken ?? '');
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation((text) => void user(String(text)));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all([project.remove(), rm(tokens, { recursive: true }), as.close()]);
});

describe('the snippets of the documentation', () => {
  it('all type-check', async () => {
    expect(await project.typeErrors()).toBe('');
  }, 60_000);

  it.each(javascript)('are JavaScript: $page, block $block', async ({ code }) => {
    expect((await transform(code, { format: 'esm' })).code).not.toBe('');
  });

  const runnable = snippets.filter(({ page, kind }) => kind === 'runnable' && !ELSEWHERE.includes(page));

  it.each(runnable)('run: $page line $line', async (snippet) => {
    await project.run(snippet);

    const calls = as.traffic.requests.filter(({ path }) => path === '/api/me');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every(({ status }) => status === 200)).toBe(true);
  });

  it.each(snippets.filter(({ kind }) => kind === 'asserts'))(
    'hold what they assert: $page line $line',
    async (snippet) => {
      await project.run(snippet);
    },
  );
});

/** The code of a snippet with our servers in place of the hosts that it names. */
function localized({ page, kind, code }: Snippet): string {
  if (kind === 'asserts' || ELSEWHERE.includes(page)) return code;
  return (
    code
      .replaceAll('https://login.example.com', as.issuer)
      // The resource server lives in a folder.
      .replaceAll("baseUrl: 'https://api.example.com'", `baseUrl: '${as.resource}/'`)
      .replaceAll(/\('\/(?=\w)/g, "('")
      .replaceAll('https://api.example.com', as.resource)
  );
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

function passwordLogin(): Promise<Token> {
  const client = { tokenEndpoint: as.tokenEndpoint, clientId: 'reports', clientSecret: CLIENT_SECRET };
  const source = resourceOwnerPassword({ ...client, username: 'alice', password: 'wonderland' });
  return source.requestToken({ signal: AbortSignal.timeout(10_000) });
}

/** Does what the snippets tell the user. */
async function user(told: string): Promise<void> {
  const code = / enter the code (\S+)/.exec(told)?.[1];
  if (code !== undefined) return as.approveDevice(code);
  const url = /^Open (\S+)$/.exec(told)?.[1];
  if (url !== undefined) await fetch((await browseTo(url)).url);
}
