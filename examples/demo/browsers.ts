/**
 * Who signs in: a real Chromium where there is one, else a program that follows the same pages. Either sees the login page of the
 * authorization server and types into it.
 */

import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser as Chrome, chromium } from 'playwright-core';

/** Visits an address, signs in, and agrees to what the pages ask. */
export interface Browser {
  readonly name: string;
  /** How many login pages were filled in so far. */
  readonly loginPages: number;
  visit(url: string): Promise<void>;
  close(): Promise<void>;
}

/** Who signs in. */
export const USER = { username: 'alice', password: 'wonderland' };
const MOST_PAGES = 12;

/** Chromium, found in PATH; where it is not there or does not start, the program. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) return new ScriptedBrowser();
  try {
    return await ChromiumBrowser.start(executablePath);
  } catch {
    return new ScriptedBrowser();
  }
}

async function findChromium(): Promise<string | undefined> {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const found = await access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return join(folder, name);
    }
  }
  return undefined;
}

class ChromiumBrowser implements Browser {
  readonly name = 'Chromium';
  loginPages = 0;
  readonly #chrome: Chrome;

  static async start(executablePath: string): Promise<ChromiumBrowser> {
    const args = ['--disable-gpu', '--disable-dev-shm-usage'];
    return new ChromiumBrowser(await chromium.launch({ executablePath, chromiumSandbox: false, args, timeout: 5000 }));
  }

  constructor(chrome: Chrome) {
    this.#chrome = chrome;
  }

  /** A browser that knows nobody yet. */
  async visit(url: string): Promise<void> {
    const context = await this.#chrome.newContext();
    const page = await context.newPage();
    await page.goto(url);
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const button = page.locator('button').first();
      if ((await button.count()) === 0) break;
      if ((await page.locator('[name=password]').count()) > 0) {
        await page.fill('[name=username]', USER.username);
        await page.fill('[name=password]', USER.password);
        this.loginPages += 1;
      }
      await Promise.all([page.waitForEvent('load'), button.click()]);
    }
    await context.close();
  }

  close(): Promise<void> {
    return this.#chrome.close();
  }
}

class ScriptedBrowser implements Browser {
  readonly name = 'a program that follows the pages: no Chromium was found';
  loginPages = 0;

  async visit(start: string): Promise<void> {
    const cookies = new Map<string, string>();
    let [url, init]: [URL, RequestInit] = [new URL(start), {}];
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const headers = { ...init.headers, cookie: [...cookies.values()].join('; ') };
      const response = await fetch(url, { ...init, redirect: 'manual', headers });
      for (const line of response.headers.getSetCookie())
        cookies.set(line.split('=')[0] ?? '', line.split(';')[0] ?? '');
      const location = response.headers.get('location');
      const page = await response.text();
      if (location !== null) [url, init] = [new URL(location, url), {}];
      else {
        const form = formIn(page, url);
        if (form === undefined) return;
        if (form.fields.has('password')) this.loginPages += 1;
        [url, init] = [form.action, { method: 'POST', body: form.fields, headers: { origin: url.origin } }];
      }
    }
  }

  async close(): Promise<void> {}
}

/** The first form, filled in. */
function formIn(page: string, url: URL): { readonly action: URL; readonly fields: URLSearchParams } | undefined {
  const [form, attributes = ''] = /<form([^>]*)>[\s\S]*<\/form>/.exec(page) ?? [];
  if (form === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = attributeOf(input, 'name');
    if (name === undefined) continue;
    fields.set(name, Object.hasOwn(USER, name) ? USER[name as keyof typeof USER] : (attributeOf(input, 'value') ?? ''));
  }
  return { action: new URL(attributeOf(attributes, 'action') ?? url.href, url), fields };
}

function attributeOf(tag: string, attribute: string): string | undefined {
  const [, quoted, plain] = new RegExp(`\\b${attribute}=(?:"([^"]*)"|([^\\s>"]+))`).exec(tag) ?? [];
  return (quoted ?? plain)?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
