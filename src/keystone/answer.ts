/**
 * What Keystone answers, read with distrust: own properties of bounded JSON, and errors in Keystone's own shape.
 */

import type { TokenEndpointError } from '../errors.ts';
import { ownProperty } from '../key-path.ts';
import { failure, isRedirect, malformed, type TokenResponse } from '../oauth/token-response.ts';
import { printable } from '../secrets/printable.ts';

/**
 * The JSON object of an answer that says yes.
 *
 * @throws {@link TokenEndpointError} for every other answer.
 */
export function readAnswer(response: TokenResponse): Readonly<Record<string, unknown>> {
  const body = readObject(response);
  if (response.status < 200 || response.status > 299) throw refused(response, body);
  if (body === undefined) throw malformed(response, 'the response is not a JSON object');
  return body;
}

/** The answer's JSON object, whatever its status; `undefined` if it holds none. The parser's errors quote the text. */
export function readObject({ text }: TokenResponse): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Keystone says the same for all of it, so that nobody can find out names. */
const REFUSED =
  'Wrong are the name, its domain or the proof; or the scope does not exist, or the user has no role there. ' +
  'Keystone does not say which.';
const REDIRECT = "Its redirects are never followed: option 'authUrl' must be where the API is, and end in /v3.";

function refused(response: TokenResponse, body: Readonly<Record<string, unknown>> | undefined): TokenEndpointError {
  const { status } = response;
  const said = ownProperty(ownProperty(body, 'error'), 'message');
  const message = typeof said === 'string' && said !== '' ? printable(said) : undefined;
  const hint = hintOf(status, response.wanted);
  const reason = [`HTTP status ${status}${message === undefined ? '' : ` (${message})`}.`, hint].join(' ').trim();
  return failure(response, reason, {
    kind: 'http-status',
    ...(message !== undefined && { errorDescription: message }),
  });
}

function hintOf(status: number, wanted: string | undefined): string {
  if (isRedirect(status)) return REDIRECT;
  if (status === 401 && wanted === undefined) return REFUSED;
  return status === 404 ? "Option 'authUrl' must be where the API is, such as https://keystone.example.com/v3." : '';
}
