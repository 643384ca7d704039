/**
 * Authentication receipts: Keystone's answer to a login that is right so far, but needs another factor.
 */

import { MultiFactorRequiredError } from '../errors.ts';
import { ownProperty } from '../key-path.ts';
import { readExpiry } from '../oauth/expiry.ts';
import type { TokenResponse } from '../oauth/token-response.ts';
import { secret } from '../secret.ts';
import { printableName } from '../secrets/printable.ts';
import { readObject } from './answer.ts';

/** The header of a receipt, in answers and in requests. */
export const RECEIPT_HEADER = 'openstack-auth-receipt';

/** More of a list is not told: it comes from a server. */
const MOST = 20;

/**
 * The error for an answer that holds a receipt, `undefined` for every other.
 *
 * @param registerSecret - Told of the receipt before anybody sees it.
 */
export function receiptError(
  response: TokenResponse,
  registerSecret: (key: string, value: string) => void,
): MultiFactorRequiredError | undefined {
  const receipt = response.status === 401 ? response.headers.get(RECEIPT_HEADER) : null;
  if (receipt === null || !/^[\x21-\x7e]+$/.test(receipt)) return undefined;
  registerSecret('newReceipt', receipt);
  const body = readObject(response);
  const about = ownProperty(body, 'receipt');
  const methods = words(ownProperty(about, 'methods'));
  const required = list(ownProperty(body, 'required_auth_methods')).map(words);
  const expiresAt = readExpiry(ownProperty(about, 'expires_at'), 'expires_at', response.receivedAt);
  const ways = required.map((rule) => rule.filter((method) => !methods.includes(method)).join(' and ')).filter(Boolean);
  const wanted = ways.length === 0 ? 'another factor' : ways.join(', or ');
  const message =
    `${response.endpoint} accepts ${methods.join(' and ') || 'the login'}, but requires more: ${wanted}. Log in again with ` +
    "option 'receipt' set to the error's receipt, and the missing factor, such as option 'passcode' for totp.";
  return new MultiFactorRequiredError(message, {
    receipt: secret(receipt),
    methods,
    requiredMethods: required,
    ...(expiresAt !== undefined && { expiresAt }),
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

function words(value: unknown): readonly string[] {
  return list(value)
    .filter((word): word is string => typeof word === 'string' && word !== '')
    .map((word) => printableName(word.slice(0, 80)));
}
