import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthPkce, type AuthPkceOptions } from '../../../src/node/login/auth-pkce.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../../helpers/authorization-server.ts';
import { pastingTerminal } from '../../helpers/login/terminal.ts';

/** `SCREENSHOTS=FOLDER` keeps a picture of each page, light, dark and on a phone. */
const folder = process.env.SCREENSHOTS;
let chrome: Browser;
let as: AuthorizationServer;
let opened: (url: string) => void;
let address: Promise<string>;

beforeAll(async () => {
  const args = ['--disable-gpu', '--disable-dev-shm-usage'];
  chrome = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false, args });
});
afterAll(() => chrome.close());
beforeEach(async () => {
  as = await startAuthorizationServer({ autoLogin: undefined });
  address = new Promise((resolve) => {
    opened = resolve;
  });
});
afterEach(() => as.close());

function signIn(more: Partial<AuthPkceOptions> = {}): Promise<unknown> {
  const auth = new AuthPkce({
    issuer: as.issuer,
    clientId: 'spa',
    redirectUri: 'http://127.0.0.1/cb',
    scope: 'openid read',
    terminal: false,
    openBrowser: async (url: string) => opened(url),
    ...more,
  } as AuthPkceOptions);
  return Promise.resolve(auth.tokens.get()).catch((error: unknown) => error);
}
async function logIn(page: Page, button = 'Sign in'): Promise<void> {
  await page.fill('[name=username]', 'alice');
  await page.fill('[name=password]', 'wonderland');
  await page.click(`button:has-text("${button}")`);
}
async function open(url?: string): Promise<Page> {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto(url ?? (await address));
  return page;
}
async function picture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 900, height: 500 });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
    await page.setViewportSize({ width: 375, height: 667 });
    await page.screenshot({ path: `${folder}/${name}-phone-${colorScheme}.png` });
  }
}
const endpoints = () => ({
  issuer: undefined,
  tokenEndpoint: as.tokenEndpoint,
  authorizationEndpoint: `${as.issuer}/auth`,
  scope: 'read',
});

describe('a real browser', () => {
  it.each([
    ['a form', () => ({})],
    ['the address', endpoints],
  ])('signs in, and brings the answer by %s', async (name, more) => {
    const token = signIn(more() as Partial<AuthPkceOptions>);
    const page = await open();
    const requests: { method: string; url: string; referrer: string | undefined }[] = [];
    page.on('request', (one) => {
      requests.push({ method: one.method(), url: one.url(), referrer: one.headers().referer });
    });
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) problems.push(message.text());
    });
    await logIn(page);
    await page.waitForURL('**/signed-in');
    expect(await token).toMatchObject({ accessToken: expect.any(String) });
    expect(await page.textContent('h1')).toBe('You are signed in');
    const callback = requests.find(({ url }) => new URL(url).pathname === '/cb');
    expect(callback?.method).toBe(name === 'a form' ? 'POST' : 'GET');
    expect(callback?.url.includes('code=')).toBe(name !== 'a form');
    expect(requests.at(-1)?.referrer ?? '').not.toContain('code');
    // The code is in no entry of the history.
    expect(await page.evaluate(() => [location.href, document.referrer].join(' '))).not.toContain('code=');
    expect(problems).toEqual([]);
    await picture(page, `success-${name === 'a form' ? 'form' : 'query'}`);
  });

  it('refuses, and shows the reason', async () => {
    const error = signIn();
    const page = await open();
    await page.click('button:has-text("Cancel")');
    await page.waitForURL('**/signed-in');
    expect(await error).toMatchObject({ error: 'access_denied' });
    expect(await page.textContent('code')).toContain('said no');
    await picture(page, 'refusal');
  });

  it('is closed, and opened again by Enter', async () => {
    let links = 0;
    let enter: () => void = () => undefined;
    const pressed = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const terminal = pastingTerminal(async () => {
      links += 1;
      if (links > 1) return undefined;
      await pressed;
      return '';
    });
    const addresses: string[] = [];
    const token = signIn({ terminal, openBrowser: async (url: string) => void addresses.push(url) });
    await expect.poll(() => addresses.length).toBe(1);
    const first = await open(addresses[0]);
    const late = await open(addresses[0]);
    expect(await late.textContent('p')).toContain('used already');
    await picture(late, 'used-link');
    await first.close();
    enter();
    await expect.poll(() => addresses.length).toBe(2);
    const second = await open(addresses[1]);
    await logIn(second);
    await second.waitForURL('**/signed-in');
    expect(await token).toMatchObject({ accessToken: expect.any(String) });
  });

  it('is not fooled by a page that brings a wrong state', async () => {
    const token = signIn();
    const page = await open();
    const { origin } = new URL(await address);
    const stranger = await chrome.newPage();
    await stranger.setContent(
      `<form method=post action="${origin}/cb"><input name=code value=x><input name=state value=y><button>Go</button></form>`,
    );
    await stranger.click('button');
    await stranger.waitForSelector('h1');
    expect(await stranger.textContent('p')).toContain('state');
    await picture(stranger, 'wrong-state');
    await logIn(page);
    await page.waitForURL('**/signed-in');
    expect(await token).toMatchObject({ accessToken: expect.any(String) });
  });

  it('may have a second tab, which comes too late', async () => {
    const token = signIn();
    const page = await open();
    const second = await page.context().newPage();
    await second.goto(page.url());
    await logIn(page);
    await page.waitForURL('**/signed-in');
    expect(await token).toMatchObject({ accessToken: expect.any(String) });
    // The port is closed: the browser says so, and nothing hangs.
    const { origin } = new URL(await address);
    await expect(second.goto(origin)).rejects.toThrow('ERR_CONNECTION_REFUSED');
  });

  it('shows that the exchange failed', async () => {
    as.settings.fault = (context) => {
      if (context.path !== '/token') return false;
      Object.assign(context, { status: 400, body: { error: 'invalid_grant' } });
      return true;
    };
    const error = signIn();
    const page = await open();
    await logIn(page);
    await page.waitForURL('**/signed-in');
    expect(await error).toMatchObject({ error: 'invalid_grant' });
    expect(await page.textContent('h1')).toBe('You are not signed in');
    await picture(page, 'exchange-failed');
  });
});
