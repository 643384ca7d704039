import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { parseChallenges } from '../../../src/challenge/parse.ts';
import type { DigestAnswer } from '../../../src/digest/answer.ts';
import { DigestSession } from '../../../src/digest/session.ts';
import { expectProxyScenario, runProxyScenario } from '../../helpers/digest-scenarios/squid.ts';
import { talkTo } from '../../helpers/wire-fetch.ts';
import { record } from '../digest-scenarios.ts';

const { origin: proxy, username, password } = inject('squidDigest');
const target = createServer((_, response) => response.end('through'));
let host = '';

beforeAll(async () => {
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  host = `127.0.0.1:${(target.address() as AddressInfo).port}`;
});

afterAll(async () => {
  target.closeAllConnections();
  target.close();
  await once(target, 'close');
});

interface Sent {
  readonly answer: DigestAnswer | undefined;
  readonly response: IncomingMessage;
}

/** One request to the proxy, in the form that the method has there. */
async function send(session: DigestSession, method: 'GET' | 'CONNECT', nonce = session.nonce): Promise<Sent> {
  const uri = method === 'CONNECT' ? host : `http://${host}/a%20b?c=d`;
  const answer = session.answer({ method, uri }, { username, password }, nonce);
  const headers = { host, ...(answer && { 'proxy-authorization': answer.header }) };
  const { hostname, port } = new URL(proxy);
  const sent = request({ hostname, port, method, path: uri, headers, agent: false }).end();
  const [response, socket] = (await once(sent, method === 'CONNECT' ? 'connect' : 'response')) as [
    IncomingMessage,
    Socket,
  ];
  if (method === 'CONNECT') socket.destroy();
  else response.resume();
  return { answer, response };
}

const challengesOf = ({ headers }: IncomingMessage) => parseChallenges(headers['proxy-authenticate']);

it.each(['GET', 'CONNECT'] as const)('lets a %s through that answers its challenge', async (method) => {
  const session = new DigestSession();
  const first = await send(session, method);
  expect(first.response.statusCode).toBe(407);

  const nonce = session.learn(challengesOf(first.response), first.answer);
  expect(nonce).toBeDefined();
  expect((await send(session, method, nonce)).response.statusCode).toBe(200);
});

it('refuses a wrong password, which is not worth a repeat', async () => {
  const session = new DigestSession();
  const nonce = session.learn(challengesOf((await send(session, 'GET')).response));
  const answer = session.answer({ method: 'GET', uri: '/' }, { username, password: 'wrong' }, nonce);
  const { hostname, port } = new URL(proxy);
  const headers = { host, 'proxy-authorization': answer?.header };
  const sent = request({ hostname, port, path: `http://${host}/`, headers, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(407);
  expect(session.learn(challengesOf(response), answer)).toBeUndefined();
});

it('needs one repeat where a nonce has been used five times, or takes the next one that squid gives', async () => {
  const result = await runProxyScenario(talkTo(proxy));
  record('squid', { 'twelve requests': result.exchanges });
  expectProxyScenario(result);
});
