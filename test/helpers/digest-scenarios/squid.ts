/** A proxy that wants Digest: there is no client in between, but the bare maths and state. */

import { expect } from 'vitest';
import { parseAuthParams, parseChallenges } from '../../../src/challenge/parse.ts';
import { DigestSession } from '../../../src/digest/session.ts';
import { type Talk, toResponse, type WireExchange } from '../wire-fetch.ts';

export const PROXY_USER = { username: 'proxyuser', password: 'proxy pass' };

/** Nobody listens there: a proxy that has let us through says 502 or 503. */
const NOWHERE = '127.0.0.1:1';

export interface ProxyResult {
  readonly statuses: readonly number[];
  readonly exchanges: readonly WireExchange[];
}

/** Twelve requests: a nonce of this squid is good for five. */
export async function runProxyScenario(talk: Talk): Promise<ProxyResult> {
  const exchanges: WireExchange[] = [];
  const statuses: number[] = [];
  let fresh = 0;
  const session = new DigestSession({ random: (bytes) => new Uint8Array(bytes).fill(fresh++) });
  const send = async (method: string, nonce = session.nonce) => {
    const uri = method === 'CONNECT' ? NOWHERE : `http://${NOWHERE}/a%20b?c=d`;
    const answer = session.answer({ method, uri }, PROXY_USER, nonce);
    const field = answer === undefined ? '' : `proxy-authorization: ${answer.header}\r\n`;
    const request = `${method} ${uri} HTTP/1.0\r\nhost: ${NOWHERE}\r\n${field}\r\n`;
    const response = await talk(request);
    exchanges.push({ request, response });
    return { answer, response: toResponse(response) };
  };
  for (let call = 0; call < 12; call += 1) {
    const method = call % 2 === 0 ? 'GET' : 'CONNECT';
    let { answer, response } = await send(method);
    if (response.status === 407) {
      const nonce = session.learn(parseChallenges(response.headers.get('proxy-authenticate')), answer);
      if (nonce !== undefined) ({ answer, response } = await send(method, nonce));
    }
    statuses.push(response.status);
    if (answer !== undefined)
      session.accept(answer, parseAuthParams(response.headers.get('proxy-authentication-info')));
  }
  return { statuses, exchanges };
}

export function expectProxyScenario({ statuses, exchanges }: ProxyResult): void {
  expect(statuses).toEqual(Array(12).fill(503));
  const counts = exchanges.flatMap(({ request }) => /nc=(\d+)/.exec(request)?.[1] ?? []);
  expect(counts).toContain('00000004');
  const renewals = exchanges.filter(({ response }) => /^HTTP\/\S+ 407|nextnonce=/.test(response));
  expect(renewals.length).toBeGreaterThanOrEqual(3);
  expect(exchanges.length).toBeLessThanOrEqual(16);
}
