import { describe, expect, it, onTestFinished } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { TokenEndpointError } from '../../../src/errors.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { type ClientDriver, drivers } from '../../helpers/clients.ts';
import { startRawServer } from '../../helpers/endpoint.ts';
import { leaks } from '../../helpers/leaks.ts';
import { type Responder, refuse, sequence } from '../../helpers/protected-api.ts';
import { answer, HTML_TYPE, JSON_TYPE, raw, type Talk } from '../oauth/vectors/vector.ts';
import { authErrorOf, bound, outcome, testApi } from './fixture.ts';

const CLIENT_SECRET = 'cl13nt s3cr3t/%';
const BASIC = Buffer.from(`id:${new URLSearchParams({ '': CLIENT_SECRET }).toString().slice(1)}`).toString('base64');
const credentials = { clientId: 'id', clientSecret: CLIENT_SECRET };
const DEADLINE_MS = 200;
/** How much later than its deadline a caller may hear of it, in milliseconds. */
const LATE_MS = 250;

/** A client whose tokens come from a server that talks like this. */
async function setUp(driver: ClientDriver, talk: Talk) {
  const [api, server] = [await testApi(), await startRawServer(talk)];
  onTestFinished(() => server[Symbol.asyncDispose]());
  const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint: server.url, ...credentials }), {
    deadlineMs: DEADLINE_MS,
  });
  const send = driver.create(auth, bound(api));
  return { api, call: () => outcome(driver, send({ url: api.url('/x') })) };
}

/** The same, where API and token endpoint are one server: an authenticated client would sign both. */
async function setUpOneOrigin(driver: ClientDriver, tokenEndpoint: Responder) {
  const api = await testApi();
  api.on('/token', tokenEndpoint);
  const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint: api.url('/token'), ...credentials }));
  const send = driver.create(auth, bound(api));
  const hits = () => api.hits.map(({ path }) => path);
  return { api, hits, call: () => outcome(driver, send({ url: api.url('/x') })) };
}

const echoing: [string, Talk][] = [
  ['in the description', (socket, request) => answer('400 X', [JSON_TYPE], refusal(request))(socket, request)],
  ['in the error', (socket, request) => answer('401 X', [JSON_TYPE], refusal('', request))(socket, request)],
  ['on a page', (socket, request) => answer('500 X', [HTML_TYPE], `<pre>${request}</pre>`)(socket, request)],
  ['where a token should be', (socket, request) => answer('200 X', [JSON_TYPE], token(request))(socket, request)],
  ['in an address', (socket, request) => answer('307 X', [`location: /?${encodeURI(request)}`])(socket, request)],
  ['in the reason phrase', (socket, request) => raw(`HTTP/1.1 403 ${oneLine(request)}\r\n\r\n`)(socket, request)],
  [
    'before it hangs up',
    (socket, request) => raw(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${request}`)(socket, request),
  ],
  ['instead of HTTP', (socket, request) => raw(request)(socket, request)],
  [
    'instead of a chunk',
    (socket, request) => raw(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${request}`)(socket, request),
  ],
];
const refusal = (description: string, error = 'invalid_client') =>
  JSON.stringify({ error, error_description: description });
const token = (request: string) => JSON.stringify({ access_token: `${request}\n` });
const oneLine = (request: string) => request.replaceAll(/\r\n/g, ' ');

const hanging: [string, Talk][] = [
  ['says nothing', () => undefined],
  ['stops within its head', (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-')],
  ['stops within its body', (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
  ['goes on with a byte from time to time', drip('HTTP/1.1 200 OK\r\n\r\n', ' ')],
  ['goes on with headers', drip('HTTP/1.1 200 OK\r\n', 'x: y\r\n')],
  ['goes on with early hints', drip('', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')],
];

/** Shows life often enough for any idle timeout. */
function drip(first: string, more: string): Talk {
  return (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(more), 20);
    socket.once('close', () => clearInterval(timer));
  };
}

describe.each(drivers)('$name', (driver) => {
  it.each(echoing)('tells no secret that a token endpoint says back %s', async (_where, talk) => {
    const { api, call } = await setUp(driver, talk);

    const { error, response } = await call();

    expect(response).toBeUndefined();
    expect(authErrorOf(error)).toBeInstanceOf(TokenEndpointError);
    expect(leaks(error, CLIENT_SECRET, BASIC)).toEqual([]);
    expect(api.hits).toEqual([]);
  });

  it.each(hanging)('waits for its deadline and no longer where a token endpoint %s', async (_how, talk) => {
    const { api, call } = await setUp(driver, talk);

    // A timer of the test's own, so that a slow machine delays both alike.
    const pending = call();
    await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS));
    const due = performance.now();
    const { error } = await pending;

    expect(performance.now() - due).toBeLessThan(LATE_MS);
    expect(authErrorOf(error)).toMatchObject({ kind: 'timeout', message: expect.stringContaining('deadlineMs') });
    expect(leaks(error, CLIENT_SECRET, BASIC)).toEqual([]);
    expect(api.hits).toEqual([]);
  });

  it.each([
    ['its own 401', refuse({ bodyBytes: 10 })],
    ['invalid_client', refuseClient],
  ])('asks a token endpoint that answers %s once, and never renews for it', async (_answer, responder) => {
    const { hits, call } = await setUpOneOrigin(driver, responder);

    const [first, second] = [await call(), await call()];

    expect(hits()).toEqual(['/token']);
    for (const { error, response } of [first, second]) {
      expect(response).toBeUndefined();
      expect(authErrorOf(error)).toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT', status: 401 });
    }
  });

  it('gives up when the token endpoint refuses to renew what the API has refused', async () => {
    const issue: Responder = ({ response }) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"t1"}');
    const { hits, call } = await setUpOneOrigin(driver, sequence(issue, refuseClient));

    const { error } = await call();

    expect(hits()).toEqual(['/token', '/x', '/token']);
    expect(authErrorOf(error)).toMatchObject({ error: 'invalid_client', status: 401 });
    expect(leaks(error, CLIENT_SECRET, BASIC, 't1')).toEqual([]);
  });
});

function refuseClient({ response }: Parameters<Responder>[0]): void {
  const headers = { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="tokens"' };
  response.writeHead(401, headers).end('{"error":"invalid_client"}');
}
