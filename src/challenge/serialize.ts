import { CredentialError } from '../errors.ts';
import { assertHeaderValue } from '../header-value.ts';
import { consistsOf, EQUALS_SIGNS, endOf, TOKEN, TOKEN68 } from './characters.ts';

/** Names and values of parameters, in the order in which they are to be sent. */
export type AuthParams = Iterable<readonly [name: string, value: string]>;

/**
 * A challenge or credentials as a field says them (RFC 9110 §11.3 and §11.4). Every value is quoted unless its name is
 * among `bare`: RFC 7616 §3.4 says of each parameter which it must be, and servers insist on it.
 *
 * @param content - Parameters, or the one text of schemes like Negotiate (token68).
 * @param bare - Names, in lower case, of the parameters that must not be quoted.
 * @throws {@link CredentialError} for what no field can say: line breaks, a bare value or a name that is no token.
 */
export function serializeCredentials(scheme: string, content: string | AuthParams, bare?: ReadonlySet<string>): string {
  assertToken(scheme, 'an authentication scheme');
  if (typeof content === 'string') return `${scheme} ${token68(content)}`;
  const list = serializeAuthParams(content, bare);
  return list === '' ? scheme : `${scheme} ${list}`;
}

/** Parameters alone, as in `Authentication-Info`; else like {@link serializeCredentials}. */
export function serializeAuthParams(params: AuthParams, bare: ReadonlySet<string> = new Set()): string {
  const parts: string[] = [];
  for (const [name, value] of params) {
    assertToken(name, 'the name of an authentication parameter');
    parts.push(`${name}=${bare.has(name.toLowerCase()) ? bareValue(name, value) : quotedString(name, value)}`);
  }
  return parts.join(', ');
}

function quotedString(name: string, value: string): string {
  assertHeaderValue(value, `authentication parameter '${name}'`);
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function bareValue(name: string, value: string): string {
  assertToken(value, `the value of authentication parameter '${name}', which is sent without quotes,`);
  return value;
}

function token68(text: string): string {
  const end = endOf(text, 0, TOKEN68);
  if (end > 0 && endOf(text, end, EQUALS_SIGNS) === text.length) return text;
  throw new CredentialError('credentials without parameters must be base64 or the like (RFC 9110 §11.2, token68).');
}

function assertToken(text: string, what: string): void {
  if (consistsOf(text, TOKEN)) return;
  throw new CredentialError(`${what} must be a token (RFC 9110 §5.6.2): letters, digits and !#$%&'*+-.^_\`|~ only.`);
}
