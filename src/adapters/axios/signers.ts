/** The authenticators that have signed one request of axios's fetch adapter. */

import type { Exchange } from '../../lifecycle/exchange.ts';
import type { HeaderPolicy } from '../../lifecycle/headers.ts';
import { isRequest } from '../web/shape.ts';
import type { AxiosAttempt } from './attempt.ts';

/** One authenticator's part in a request. */
export interface FetchSigner {
  readonly attempt: AxiosAttempt;
  readonly exchange: Exchange;
  readonly policy: HeaderPolicy;
  /** Must redirects be followed by hand? */
  readonly byHand: boolean;
  /** The body once more, for a hop that keeps it. */
  readonly body: () => unknown;
}

/** What axios sent with the first request, without what the authenticators had added. */
export function plainHeaders(
  signed: HeadersInit | undefined,
  signers: readonly FetchSigner[],
  atHome: boolean,
): Headers {
  const headers = new Headers(signed);
  for (const { attempt } of signers.toReversed()) attempt.takeOff(attempt.headers.added, headers, atHome);
  return headers;
}

/** The URL of the first request, as the caller knows it. */
export function plainUrl(input: RequestInfo | URL, signers: readonly FetchSigner[]): string {
  const signer = signers.find(({ attempt }) => attempt.signedUrl !== undefined);
  return signer?.attempt.plainHref ?? (isRequest(input) ? input.url : String(input));
}
