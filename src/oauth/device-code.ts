/**
 * The device authorization response (RFC 8628 §3.2), fit to be shown: no control characters, no address that is none.
 */

import { printableName } from '../secrets/printable.ts';
import { endpointUrl } from './endpoint-url.ts';
import type { TokenResponse } from './token-response.ts';
import { malformed, readBody, text } from './token-response.ts';

/** What the user must be shown. */
export interface DevicePrompt {
  /** What to type in at `verificationUri`. Free of control characters. */
  readonly userCode: string;
  /** Where to type it in: https, or http on this machine. */
  readonly verificationUri: string;
  /** The same with the code in it, for a QR code or a link; absent where the server has none that can be trusted. */
  readonly verificationUriComplete?: string;
  /** When the code ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What the server has made up for one login. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly prompt: DevicePrompt;
  readonly intervalMs: number;
}

/** RFC 8628 §3.2. */
const INTERVAL_S = 5;
/** Where the server doesn't say, although it must. */
const LIFETIME_S = 600;
/** The longest lifetime that a login may wait for, in seconds: a day. */
const LONGEST_LIFETIME_S = 86_400;
/** An hour: a server that wants to be asked less often will hardly get its answer. */
const LONGEST_INTERVAL_S = 3600;

/** @throws {@link TokenEndpointError} for an answer without codes, or with an address that must not be shown. */
export function readDeviceCode(answer: TokenResponse, allowInsecureRequests: boolean | undefined): DeviceCode {
  const response = { ...answer, wanted: 'device code' };
  const body = readBody(response);
  const own = (name: string) => (Object.hasOwn(body, name) ? body[name] : undefined);
  const [deviceCode, userCode] = [text(own('device_code')), text(own('user_code'))];
  if (deviceCode === undefined || userCode === undefined) {
    throw malformed(response, "it has no 'device_code' or no 'user_code'");
  }
  // Some servers write it as Google did before the standard.
  const verificationUri = shownUri(own('verification_uri') ?? own('verification_url'), allowInsecureRequests);
  if (verificationUri === undefined) throw malformed(response, "its 'verification_uri' is not an https URL");
  const complete = shownUri(own('verification_uri_complete'), allowInsecureRequests);
  const lifetime = Math.min(seconds(own('expires_in')) ?? LIFETIME_S, LONGEST_LIFETIME_S);
  return {
    deviceCode,
    intervalMs: Math.min(seconds(own('interval')) ?? INTERVAL_S, LONGEST_INTERVAL_S) * 1000,
    prompt: {
      userCode: printableName(userCode),
      verificationUri,
      ...(complete !== undefined && { verificationUriComplete: complete }),
      expiresAt: response.receivedAt + lifetime * 1000,
    },
  };
}

/** Serialised again, so that it holds nothing but ASCII; a browser may be pointed at it. */
function shownUri(value: unknown, allowInsecureRequests: boolean | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return endpointUrl(value, 'verification_uri', allowInsecureRequests).href;
  } catch {
    return undefined;
  }
}

function seconds(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : undefined;
}
