import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ProxyError } from '../errors.ts';
import type { ProxyExchange } from '../login/login.ts';
import type { HttpProxy } from '../proxy.ts';
import { refusedLogin } from '../tunnel.ts';
import { type ForwardedBody, forwardedBody } from './body.ts';
import { endToEnd } from './headers.ts';
import { discard, type Outgoing, type Route, sendOnce } from './send.ts';

/** A route, and the origin at its end. */
export interface Forwarding extends Route {
  /** `http://host:port`. */
  readonly origin: string;
}

/** Sends a client's request to the proxy in absolute form (RFC 9112 §3.2.2), and gives the client what comes back. */
export async function forward(to: Forwarding, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', rawHeaders, headers } = message;
  const body = await forwardedBody(message);
  const uri = to.origin + pathOf(url);
  const outgoing = { method, uri, headers: [...endToEnd(rawHeaders, headers.connection), ...noBody(message)], body };
  const answer = await exchangeWith(to, outgoing);
  response.sendDate = false;
  const given = endToEnd(answer.rawHeaders, answer.headers.connection);
  response.writeHead(answer.statusCode as number, answer.statusMessage ?? '', given);
  await pipeline(answer, response);
}

/** Node knows few methods that have no body: for the others it would announce chunks. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

function noBody({ method = 'GET', headers }: IncomingMessage): readonly string[] {
  const isSaid = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return isSaid || WITHOUT_BODY.has(method) ? [] : ['content-length', '0'];
}

/**
 * Of an asterisk nothing is left: the last proxy creates it again (RFC 9112 §3.2.4). Whatever else does not begin with a slash
 * would join the host's name, and lead to another one.
 */
function pathOf(target: string): string {
  if (target === '*') return '';
  return target.startsWith('/') ? target : `/${target}`;
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

function tooLate({ name }: HttpProxy): ProxyError {
  return new ProxyError(
    `the proxy ${name} has refused the credentials (407) of a request whose body can be sent only once: send it again.`,
    { proxy: name, status: 407 },
  );
}
