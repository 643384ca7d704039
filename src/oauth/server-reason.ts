/**
 * What a server says is wrong, wherever it says it: real servers put it elsewhere than RFC 6749 §5.2. Masked and bounded.
 */

import { ownProperty } from '../key-path.ts';
import { maskWords } from '../secrets/fall-back.ts';
import { printable } from '../secrets/printable.ts';

/** Okta, Auth0 and Cognito, RFC 9457, Spring: in this order. */
const NAMES = ['error_description', 'errorSummary', 'message', 'error_message', 'detail', 'title'];
/** How many entries of `errors` are shown. */
const MOST_ERRORS = 3;
/** How many characters of an answer that is no JSON are looked at, and shown. */
const READ = 2000;
const SHOWN = 200;

/** The server's reason, unmasked: `error_description`, `errorSummary`, `message`, `error.message`, `errors[].message`. */
export function reasonOf(body: unknown): string | undefined {
  return textIn(body) ?? textIn(ownProperty(body, 'error')) ?? listed(ownProperty(body, 'errors'));
}

function textIn(value: unknown): string | undefined {
  const found = NAMES.map((name) => ownProperty(value, name)).find((said) => typeof said === 'string' && said !== '');
  return found as string | undefined;
}

function listed(errors: unknown): string | undefined {
  if (!Array.isArray(errors)) return undefined;
  const said = errors
    .slice(0, MOST_ERRORS)
    .flatMap((one: unknown) => (typeof one === 'string' ? one : textIn(one)) ?? []);
  return said.length === 0 ? undefined : said.join('; ');
}

/**
 * The content type and the beginning of an answer that is no JSON, without tags. Whatever does not look like a word is
 * masked: nobody knows what it is.
 */
export function beginningOf({
  headers,
  text,
}: {
  headers: { get(name: string): string | null };
  text: string;
}): string {
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get('content-type') ?? '')?.[0] ?? 'no content type';
  const plain = text
    .slice(0, READ)
    .replace(/<(style|script)\b[^>]*>[^<]*|<[^>]*>?/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const said = maskWords(printable(plain));
  const shown = said.length > SHOWN ? `${said.slice(0, SHOWN)}…` : said;
  return shown === '' ? type : `${type}: ${shown}`;
}
