import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { isAuthError } from '../../../errors.ts';
import { errorCode } from '../../../secrets/plain-cause.ts';
import type { HttpProxy } from '../proxy.ts';
import { authorization, brokeOff } from '../tunnel.ts';
import type { ForwardedBody } from './body.ts';
import { MAX_HEADER_BYTES } from './headers.ts';

/** How a request gets to the proxy. */
export interface Route {
  readonly proxy: HttpProxy;
  /** Connections to the proxy. */
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** One request, as it is written to the proxy, but for the credentials. */
export interface Outgoing {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly string[];
  readonly body: ForwardedBody;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** A kept-alive connection may end just as it is used: then, and only then, another one is tried (RFC 9110 §9.2.2). */
export async function sendOnce(
  to: Route,
  outgoing: Outgoing,
  credentials: string | undefined,
): Promise<IncomingMessage> {
  for (;;) {
    const sent = start(to, outgoing, credentials);
    try {
      return await answerTo(sent);
    } catch (error) {
      if (isAuthError(error)) throw error;
      if (to.signal.aborted) throw to.signal.reason;
      const isWorn = sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '');
      if (!isWorn || !IDEMPOTENT.has(outgoing.method) || outgoing.body.kept === undefined)
        throw brokeOff(to.proxy, error);
    }
  }
}

function start(to: Route, { method, uri, headers, body }: Outgoing, credentials: string | undefined) {
  const sent = request({
    agent: to.agent,
    host: to.proxy.host,
    port: to.proxy.port,
    method,
    path: uri,
    headers: [...headers, ...authorization(credentials)],
    setHost: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    signal: to.signal,
  });
  body.sendTo(sent);
  return sent;
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Later errors are the answer's.
    sent.on('error', reject);
    sent.once('response', resolve);
    // Of a 101 that nobody has asked for, Node says nothing else.
    sent.once('close', () => reject(new Error('the request was closed')));
  });
}

/** A longer error page costs more than its connection is worth. */
const MOST_DISCARDED_BYTES = 64 * 1024;

/** Reads an answer to its end, so that its connection can be used again. */
export async function discard(answer: IncomingMessage): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of answer) {
      size += (chunk as Buffer).length;
      if (size > MOST_DISCARDED_BYTES) return;
    }
  } catch {
    // It has said all that counts.
  }
}
