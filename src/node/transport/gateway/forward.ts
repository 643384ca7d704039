import { type Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isAuthError } from '../../../errors.ts';
import { errorCode } from '../../../logging/plain-cause.ts';
import { ProxyError } from '../errors.ts';
import type { ProxyExchange } from '../login/login.ts';
import type { HttpProxy } from '../proxy.ts';
import { authorization, brokeOff, refusedLogin } from '../tunnel.ts';
import { type ForwardedBody, forwardedBody } from './body.ts';
import { endToEnd, MAX_HEADER_BYTES } from './headers.ts';

/** Who forwards, and for which origin. */
export interface Forwarding {
  readonly proxy: HttpProxy;
  /** Connections to the proxy. */
  readonly agent: Agent;
  /** `http://host:port`. */
  readonly origin: string;
  readonly signal: AbortSignal;
}

/** How one request is written to the proxy. */
interface Outgoing {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly string[];
  readonly body: ForwardedBody;
}

/** Sends a client's request to the proxy in absolute form (RFC 9112 §3.2.2), and gives the client what comes back. */
export async function forward(to: Forwarding, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', rawHeaders, headers } = message;
  const body = await forwardedBody(message);
  // RFC 9112 §3.2.4: the last proxy makes an asterisk of it again.
  const uri = to.origin + (url === '*' ? '' : url);
  const outgoing = { method, uri, headers: endToEnd(rawHeaders, headers.connection), body };
  const answer = await exchangeWith(to, outgoing);
  response.sendDate = false;
  const given = endToEnd(answer.rawHeaders, answer.headers.connection);
  response.writeHead(answer.statusCode as number, answer.statusMessage ?? '', given);
  await pipeline(answer, response);
}

async function exchangeWith(to: Forwarding, outgoing: Outgoing): Promise<IncomingMessage> {
  const { proxy } = to;
  const exchange = proxy.login.begin();
  if (outgoing.body.kept === undefined && proxy.login.mayBeChallenged) await askBefore(to, exchange, outgoing.uri);
  for (;;) {
    const { method, uri, body } = outgoing;
    const credentials = await exchange.authorize({ method, uri, body: body.kept });
    const answer = await sendOnce(to, outgoing, credentials);
    if (answer.statusCode !== 407) {
      exchange.accepted(answer.headers['proxy-authentication-info']);
      return answer;
    }
    await discard(answer);
    const again = await exchange.refused(answer.headers['proxy-authenticate']);
    if (!again) throw refusedLogin(proxy, credentials !== undefined);
    if (body.kept === undefined) throw tooLate(proxy);
  }
}

/**
 * Learns a challenge before a body leaves that cannot be sent twice. A proxy that wants to know who we are asks at once;
 * of one that doesn't, the origin gets a question that changes nothing. (`Max-Forwards: 0` would spare it that, but squid
 * answers it without asking who we are.)
 */
async function askBefore(to: Forwarding, exchange: ProxyExchange, uri: string): Promise<void> {
  const body: ForwardedBody = { kept: new Uint8Array(), sendTo: (asked) => void asked.end() };
  const headers = ['host', new URL(uri).host];
  const answer = await sendOnce(to, { method: 'OPTIONS', uri, headers, body }, undefined);
  await discard(answer);
  if (answer.statusCode !== 407) return;
  if (!(await exchange.refused(answer.headers['proxy-authenticate']))) throw refusedLogin(to.proxy, false);
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** A kept-alive connection may end just as it is used: then, and only then, another one is tried (RFC 9110 §9.2.2). */
async function sendOnce(to: Forwarding, outgoing: Outgoing, credentials: string | undefined): Promise<IncomingMessage> {
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

function start(to: Forwarding, { method, uri, headers, body }: Outgoing, credentials: string | undefined) {
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
  });
}

/** An error page is read to its end, so that its connection can be used again; a longer one costs more than it saves. */
const MOST_DISCARDED_BYTES = 64 * 1024;

async function discard(answer: IncomingMessage): Promise<void> {
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

function tooLate({ name }: HttpProxy): ProxyError {
  return new ProxyError(
    `the proxy ${name} has refused the credentials (407) of a request whose body can be sent only once: send it again.`,
    { proxy: name, status: 407 },
  );
}
