import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthPkce, type AuthPkceOptions } from '../../../src/node/login/auth-pkce.ts';
import type { Terminal } from '../../../src/node/login/terminal.ts';
import { fileTokenStore } from '../../../src/node/stores/file-token-store.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../../helpers/authorization-server.ts';
import { TestBrowser } from '../../helpers/login/browser.ts';
import { pastingTerminal } from '../../helpers/login/terminal.ts';

let as: AuthorizationServer;
let opened: string[];
let visits: Promise<{ url: URL; status: number; body: string }>[];
let browser: TestBrowser;
beforeEach(async () => {
  as = await startAuthorizationServer();
  opened = [];
  visits = [];
  browser = new TestBrowser();
});
afterEach(() => as.close());

const browsing = async (url: string) => {
  opened.push(url);
  visits.push(browser.go(url));
};
/** A browser that opens and does nothing. */
const idle = async (url: string) => void opened.push(url);
const signIn = (more: Partial<AuthPkceOptions> = {}) =>
  new AuthPkce({
    issuer: as.issuer,
    clientId: 'spa',
    redirectUri: 'http://127.0.0.1/cb',
    scope: 'openid read',
    terminal: false,
    openBrowser: browsing,
    origins: [as.resource],
    ...more,
  } as AuthPkceOptions);
const whoAmI = async (auth: AuthPkce) => {
  const response = await fetchAuth(auth)(`${as.resource}/me`);
  return { status: response.status, ...((await response.json()) as { sub?: string }) };
};
const seen = (pathname: string) => browser.history.filter((url) => new URL(url).pathname === pathname);
/** Where the login page would send the browser, and the state that it would bring. */
async function target(): Promise<URL> {
  const response = await fetch(String(opened.at(-1)), { redirect: 'manual' });
  return new URL(String(response.headers.get('location')));
}
const terminalOf = (terminal: Terminal) => ({ terminal, openBrowser: false });

describe('a sign-in with the browser', () => {
  it('gives a token, by a form where the server offers that', async () => {
    const auth = signIn();
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
    expect(await auth.claims()).toMatchObject({ sub: 'alice' });
    const end = await visits[0];
    expect(end).toMatchObject({ status: 200, body: expect.stringContaining('You are signed in') });
    expect(seen('/cb')).toEqual([expect.not.stringContaining('?')]);
    expect(end?.url.pathname).toBe('/signed-in');
  });

  it('gives a token by the address where the server offers no form', async () => {
    const { issuer } = as;
    const endpoints = { tokenEndpoint: as.tokenEndpoint, authorizationEndpoint: `${issuer}/auth`, scope: 'read' };
    const auth = signIn({ issuer: undefined, ...endpoints } as Partial<AuthPkceOptions>);
    expect(await whoAmI(auth)).toMatchObject({ sub: 'alice' });
    expect(seen('/cb')).toEqual([expect.stringContaining('code=')]);
    expect((await visits[0])?.url.href).not.toContain('code');
  });

  it('opens a short address, which leads to the login page once', async () => {
    const auth = signIn({ openBrowser: idle });
    const waiting = whoAmI(auth).catch((error: unknown) => error);
    await expect.poll(() => opened).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{8}$/)]);
    const login = await target();
    expect(login.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    expect(await fetch(String(opened[0]))).toMatchObject({ status: 410 });
    await browser.go(login);
    expect(await waiting).toMatchObject({ sub: 'alice' });
  });

  it('is shared by all who wait', async () => {
    const auth = signIn();
    const all = await Promise.all(Array.from({ length: 20 }, () => whoAmI(auth)));
    expect(all.filter(({ sub }) => sub === 'alice')).toHaveLength(20);
    expect(opened).toHaveLength(1);
  });

  it('is not needed while a refresh token does, and is needed when the server refuses that', async () => {
    const auth = signIn();
    await whoAmI(auth);
    await as.revoke(auth.tokens.peek()?.accessToken ?? '');
    await whoAmI(auth);
    expect(opened).toHaveLength(1);
    await as.revokeRefreshToken(auth.tokens.peek()?.refreshToken ?? '');
    await as.revoke(auth.tokens.peek()?.accessToken ?? '');
    expect(await whoAmI(auth)).toMatchObject({ sub: 'alice' });
    expect(opened).toHaveLength(2);
  });

  it('shows the refusal in the browser and in the error', async () => {
    const auth = signIn({ loginHint: 'deny' });
    await expect(whoAmI(auth)).rejects.toThrow('access_denied');
    expect((await visits[0])?.body).toContain('said no');
  });

  it('shows success only if the code could be exchanged', async () => {
    as.settings.fault = (context) => {
      if (context.path !== '/token') return false;
      Object.assign(context, { status: 400, body: { error: 'invalid_grant', error_description: '<b>no & no</b>' } });
      return true;
    };
    await expect(whoAmI(signIn())).rejects.toThrow('invalid_grant');
    const { body, url } = (await visits[0]) as { body: string; url: URL };
    expect(url.pathname).toBe('/signed-in');
    expect(body).toContain('You are not signed in');
    expect(body).not.toContain('<b>');
  });

  it("shows the program's own pages", async () => {
    await whoAmI(signIn({ successHtml: '<h1>Welcome</h1>' }));
    expect((await visits[0])?.body).toBe('<h1>Welcome</h1>');
    await whoAmI(signIn({ failureHtml: '<p>{error}', loginHint: 'deny' })).catch(() => undefined);
    expect((await visits[1])?.body).toMatch(/^<p>The authorization server refused the login/);
  });

  it('sends headers that keep everything out and nothing in', async () => {
    await whoAmI(signIn({ openBrowser: async (url) => void visits.push(browser.go(url)) }));
    const { headers } = (await visits[0]) as unknown as { headers: Headers };
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('a sign-in that does not come to its end', () => {
  it('ends in time, and frees the port', async () => {
    await expect(whoAmI(signIn({ openBrowser: idle, timeoutMs: 50 }))).rejects.toThrow('no one signed in within');
    await expect(fetch(String(opened[0]))).rejects.toThrow();
  });

  it('ends when it is cleared, and frees the port', async () => {
    const auth = signIn({ openBrowser: idle });
    const waiting = whoAmI(auth).catch((error: unknown) => error);
    await expect.poll(() => opened).toHaveLength(1);
    await auth.tokens.clear();
    expect(await waiting).toBeInstanceOf(Error);
    await expect.poll(() => fetch(String(opened[0])).catch(() => 'closed')).toBe('closed');
  });

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(whoAmI(signIn({ ports: [port] }))).rejects.toThrow(`port ${port} (EADDRINUSE)`);
    const free = signIn({ ports: [port, port + 1, port + 2, port + 3] });
    expect(await whoAmI(free)).toMatchObject({ sub: 'alice' });
    other.close();
  });

  it('is not begun where the store does not work', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'authwire-probe-'));
    await writeFile(join(folder, 'file'), '');
    const store = fileTokenStore(join(folder, 'file', 'tokens'));
    await expect(whoAmI(signIn({ store }))).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    expect(opened).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('is an error that says what to do where nobody can sign in', async () => {
    const auth = signIn({ openBrowser: false });
    await expect(whoAmI(auth)).rejects.toMatchObject({
      code: 'ERR_AUTH_LOGIN_REQUIRED',
      message: expect.stringContaining("give option 'onLink'"),
    });
  });
});

describe('a person at a terminal', () => {
  it('may paste the address of the last page', async () => {
    const terminal = pastingTerminal(async (said) => {
      const login = new URL(/http\S+\/auth\?\S+/.exec(said)?.[0] ?? '');
      return String((await browser.go(login, {}, '/cb')).url);
    });
    const auth = signIn({ ...terminalOf(terminal), redirectUri: 'https://app.example/cb' });
    const client = (await as.provider.Client.find('spa')) as unknown as { redirectUris: string[] };
    client.redirectUris.push('https://app.example/cb');
    expect(await whoAmI(auth)).toMatchObject({ sub: 'alice' });
    expect(terminal.said).toContain('Signed in.');
  });

  it('is told when an address is not the right one, and may paste again', async () => {
    const lines = ['hello', 'http://127.0.0.1:1/cb?code=x&state=y'];
    const terminal = pastingTerminal(async (said) => {
      const next = lines.shift();
      if (next !== undefined) return next;
      const login = new URL([...said.matchAll(/http\S+\/auth\?\S+/g)].at(-1)?.[0] ?? '');
      return `state=${login.searchParams.get('state')}&error=access_denied&iss=${as.issuer}`;
    });
    await expect(whoAmI(signIn(terminalOf(terminal)))).rejects.toThrow('access_denied');
    expect(terminal.said).toContain('That address holds no code.');
    expect(terminal.said).toContain('That address belongs to another login.');
  });

  it('gets a new link by Enter, and the old one is worth nothing', async () => {
    let links: URL[] = [];
    const terminal = pastingTerminal(async (said) => {
      links = [...said.matchAll(/http\S+\/auth\?\S+/g)].map(([url]) => new URL(url));
      if (links.length === 1) return '';
      visits.push(browser.go(links[0] as URL).then(() => browser.go(links[1] as URL)));
      return undefined;
    });
    expect(await whoAmI(signIn(terminalOf(terminal)))).toMatchObject({ sub: 'alice' });
    const states = links.map((url) => url.searchParams.get('state'));
    expect(new Set(states).size).toBe(2);
    expect(seen('/cb')).toHaveLength(2);
  });
});
