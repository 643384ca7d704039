import { once } from 'node:events';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { AuthPkce } from '../../../src/node/login/auth-pkce.ts';
import {
  type AuthorizationServer,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { TestBrowser } from '../../helpers/login/browser.ts';

interface Hostile {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function attack(port: number, { method = 'GET', path = '/callback', headers = {}, body }: Hostile) {
  const request = send({ host: '127.0.0.1', port, method, path, headers });
  request.end(body);
  const [response] = await once(request, 'response');
  return { status: response.statusCode as number, body: await text(response) };
}

/** What can be sent by somebody who does not know the state, and some of it by somebody who does. */
function attacks(state: string, issuer: string): (Hostile & { readonly status: number })[] {
  const post = (body: string, more: Hostile['headers'] = {}) => ({
    method: 'POST',
    body,
    headers: { ...FORM, ...more },
  });
  const guess = 'A'.repeat(state.length);
  return [
    { path: '/favicon.ico', status: 404 },
    { path: '/callback/', status: 404 },
    { path: '//callback', status: 404 },
    { path: '/signed-in', status: 404 },
    { path: '/callback', status: 405 },
    { path: `/callback?code=x&state=${state}`, status: 405 },
    { path: '/callback?error=access_denied', status: 405 },
    { method: 'PUT', status: 405 },
    { method: 'OPTIONS', headers: { origin: 'https://evil.example' }, status: 405 },
    { ...post('code=x'), status: 400 },
    { ...post(''), status: 400 },
    { ...post(`code=x&state=${guess}`), status: 400 },
    { ...post(`error=access_denied&state=${guess}`), status: 400 },
    { ...post('error=access_denied'), status: 400 },
    { ...post(`code=x&state=${state}&state=${state}`), status: 400 },
    { ...post(`code=x&state=${guess}&state=${state}`), status: 400 },
    { ...post(`code=x&code=y&state=${state}`), status: 400 },
    { ...post(`code=x&error=y&state=${state}`), status: 400 },
    { ...post(`state=${state}`), status: 400 },
    { ...post(`code=&state=${state}`), status: 400 },
    { ...post(`code=x&state=${state.slice(0, -1)}`), status: 400 },
    { ...post(`code=x&state=${state}%00`), status: 400 },
    { ...post(`code=x&state=${state}`, { origin: 'https://evil.example' }), status: 403 },
    { ...post(`code=x&state=${state}`, { origin: `${issuer}.evil.example` }), status: 403 },
    { ...post(`code=x&state=${state}`, { host: 'evil.example' }), status: 400 },
    { ...post(`code=x&state=${state}`, { host: 'localhost' }), status: 400 },
    { ...post(`code=x&state=${state}`, { 'content-type': 'text/plain' }), status: 415 },
    { ...post(JSON.stringify({ code: 'x', state }), { 'content-type': 'application/json' }), status: 415 },
    { ...post(`code=${'x'.repeat(20_000)}&state=${state}`), status: 413 },
    { ...post(`code=x&state=<script>alert(1)</script>`), status: 400 },
  ];
}

async function withLogin(test: (login: { url: URL; port: number; token: Promise<unknown> }) => Promise<void>) {
  const as: AuthorizationServer = await startAuthorizationServer({
    clients: [nativeClient('cli')],
  });
  let start: (url: string) => void = () => undefined;
  const opened = new Promise<string>((resolve) => {
    start = resolve;
  });
  const openBrowser = async (url: string) => start(url);
  const auth = new AuthPkce({ issuer: as.issuer, clientId: 'cli', scope: 'openid', terminal: false, openBrowser });
  const token = auth.tokens.get();
  const short = await opened;
  const answer = await fetch(short, { redirect: 'manual' });
  const url = new URL(String(answer.headers.get('location')));
  await test({ url, port: Number(new URL(short).port), token: Promise.resolve(token) });
  await as.close();
}

it('200 hostile callbacks end no login, and each is answered', async () => {
  await withLogin(async ({ url, port, token }) => {
    const all = attacks(String(url.searchParams.get('state')), url.origin);
    for (let sent = 0; sent < 200; sent += all.length) {
      const answers = await Promise.all(all.map((one) => attack(port, one)));
      expect(answers.map(({ status }) => status)).toEqual(all.map(({ status }) => status));
      for (const { body } of answers) expect(body).not.toContain('<script>');
    }
    await new TestBrowser().go(url);
    expect(await token).toMatchObject({ accessToken: expect.any(String) });
  });
});

it('clients that send nothing, or half of something, are cut after five seconds, and delay nobody', async () => {
  await withLogin(async ({ url, port, token }) => {
    const starts = [
      '',
      'POST /callback HTTP/1.1\r\nhost: 127',
      `POST /callback HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`,
    ];
    const half = `content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\ncode=`;
    const begin = performance.now();
    const cut = [...starts, `${starts[2]}${half}`].map(async (start) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(start);
      socket.resume();
      await once(socket, 'close');
      return performance.now() - begin;
    });
    for (const ms of await Promise.all(cut)) {
      expect(ms).toBeGreaterThan(4000);
      expect(ms).toBeLessThan(9000);
    }
    await new TestBrowser().go(url);
    expect(await token).toMatchObject({ accessToken: expect.any(String) });
  });
});

it('only the first good answer counts', async () => {
  await withLogin(async ({ url, port, token }) => {
    const state = String(url.searchParams.get('state'));
    const iss = encodeURIComponent(url.origin);
    const answer = { method: 'POST', headers: FORM, body: `error=access_denied&state=${state}&iss=${iss}` };
    const first = attack(port, answer).catch(() => undefined);
    await expect(token).rejects.toThrow('access_denied');
    expect(await first).toMatchObject({ status: 303 });
  });
});
