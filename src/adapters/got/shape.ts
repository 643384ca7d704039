/** What is what, told by its shape. */

import type { ResponseBody, ResponseHead, WireRequest } from './options.ts';

export function isWireRequest(sent: unknown): sent is WireRequest {
  return typeof (sent as Partial<WireRequest> | undefined)?.setHeader === 'function';
}

/** A `request` function may give the response itself, as got's own cache does. */
export function isResponseHead(sent: unknown): sent is ResponseHead {
  const { statusCode, headers } = (sent ?? {}) as Partial<ResponseHead>;
  return typeof statusCode === 'number' && typeof headers === 'object';
}

export function isBody(head: ResponseHead): head is ResponseBody {
  const { destroy, complete } = head as Partial<ResponseBody>;
  return typeof destroy === 'function' && typeof complete === 'boolean';
}

/** got before 14.6.1 destroys, when it retries, also the stream that is meant for the retry. */
export function isDestroyed(body: unknown): boolean {
  return typeof body === 'object' && body !== null && (body as { destroyed?: boolean }).destroyed === true;
}
