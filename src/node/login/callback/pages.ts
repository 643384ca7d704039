/**
 * What the browser shows at the end of a login. No page holds a secret, loads anything or runs anything.
 */

import type { OutgoingHttpHeaders } from 'node:http';

/** A page and its status. */
export interface Page {
  readonly status: number;
  readonly html: string;
}

/** Nothing is cached, framed, sniffed or sent along as a referrer; only what is inside the page is used. */
export const PAGE_HEADERS: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

const STYLE = `
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1b1f24; --dim: #57606a; --line: #d8dee4; --mark: #1a7f37 }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --card: #161b22; --text: #e6edf3; --dim: #9198a1; --line: #30363d; --mark: #3fb950 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; text-align: center }
.mark { width: 3rem; height: 3rem; margin: 0 auto 1rem; border-radius: 50%; display: grid; place-items: center; background: var(--mark); color: var(--card); font: 700 1.5rem/1 system-ui, sans-serif }
.bad { --mark: #cf222e }
@media (prefers-color-scheme: dark) { .bad { --mark: #f85149 } }
h1 { margin: 0 0 .5rem; font-size: 1.25rem }
p { margin: .5rem 0 0; color: var(--dim); overflow-wrap: anywhere }
code { display: block; margin-top: 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; color: var(--text); font: .875rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere }`;

/** Which pages a program shows in place of these. */
export interface PageOptions {
  /** The page after a login, as HTML. Scripts and everything that must be loaded are blocked. Default: a page of authwire. */
  readonly successHtml?: string;
  /** The page after a login that failed, as HTML; `{error}` stands for the reason. Default: a page of authwire. */
  readonly failureHtml?: string;
}

export function successPage({ successHtml }: PageOptions): Page {
  const html = successHtml ?? page(true, 'You are signed in', ['You can close this tab and go back to the program.']);
  return { status: 200, html };
}

/** @param reason - Shown as text, whatever it holds. */
export function failurePage({ failureHtml }: PageOptions, reason: string): Page {
  if (failureHtml !== undefined)
    return { status: 200, html: failureHtml.replaceAll('{error}', () => escapeHtml(reason)) };
  const html = page(false, 'You are not signed in', ['The program says more about it.'], reason);
  return { status: 200, html };
}

/** For a request that does not belong to the login. */
export function refusalPage(status: number, text: string): Page {
  return { status, html: page(false, 'This request is not part of the login', [text]) };
}

function page(isGood: boolean, title: string, texts: readonly string[], detail?: string): string {
  const paragraphs = texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
  const code = detail === undefined ? '' : `<code>${escapeHtml(detail)}</code>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"><style>${STYLE}</style><main><div class="mark${isGood ? '' : ' bad'}" aria-hidden="true">${isGood ? '✓' : '!'}</div><h1>${title}</h1>${paragraphs}${code}</main></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
