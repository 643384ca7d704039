/**
 * A token endpoint, a login and a device endpoint in one server, which behaves as the first part of its path says:
 * `/kind/token`, `/lost/token`, … Tokens and codes are marked like all secrets, and whatever arrives can be said back.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { markedSecret } from '../../helpers/leaks-mark.ts';

interface Request {
  readonly path: string;
  /** All that the client sent and must not see again: its authorization, and its body, as it came and decoded. */
  readonly said: string;
  readonly response: ServerResponse;
}

type Behaviour = (request: Request) => void;

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function text(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function newToken(): Record<string, unknown> {
  return {
    access_token: markedSecret('token'),
    refresh_token: markedSecret('token'),
    id_token: markedSecret('token'),
    token_type: 'Bearer',
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    expires_in: 3600,
    // Keystone's, whose token stands in a header.
    token: { methods: ['password'], catalog: [] },
  };
}

const asKeystone = () => ({ 'x-subject-token': markedSecret('token') });

const refusal = (said: string) => ({ error: 'invalid_grant', error_description: `you sent ${said}`, error_uri: said });
const base64 = (said: string) => Buffer.from(said).toString('base64');

/** Answers that are errors, however much of what was sent they repeat. */
const saysBack: Readonly<Record<string, Behaviour>> = {
  'says it back in the description': ({ response, said }) => json(response, 400, refusal(said)),
  'says it back in base64': ({ response, said }) => json(response, 400, refusal(base64(said))),
  'says it back in base64url': ({ response, said }) =>
    json(response, 400, refusal(Buffer.from(`..${said}`).toString('base64url'))),
  'says it back in hex': ({ response, said }) => json(response, 400, refusal(Buffer.from(said).toString('hex'))),
  'says it back percent-encoded': ({ response, said }) => json(response, 400, refusal(encodeURIComponent(said))),
  'says it back as JSON in JSON': ({ response, said }) => json(response, 400, refusal(JSON.stringify({ said }))),
  'says it back as the error': ({ response, said }) => json(response, 401, { error: said }),
  'says it back cut off': ({ response, said }) => json(response, 400, refusal(`${'.'.repeat(940)}${said}`)),
  'says it back in a form': ({ response, said }) =>
    text(response, 400, 'application/x-www-form-urlencoded', String(new URLSearchParams(refusal(said)))),
  'says it back in HTML': ({ response, said }) => text(response, 500, 'text/html', `<h1>${said}</h1>`),
  'says it back as a challenge': ({ response, said }) =>
    json(response, 401, {}, { 'www-authenticate': `Basic realm="${base64(said)}"` }),
  'says it back in a redirect': ({ response, said }) =>
    response.writeHead(302, { location: `/kind/token?said=${encodeURIComponent(said)}` }).end(),
  'says it back as the token type': ({ response, said }) => json(response, 200, { ...newToken(), token_type: said }),
  'says it back with a receipt': ({ response, said }) => {
    const body = { receipt: { methods: [said] }, required_auth_methods: [[said, 'totp']], error: { message: said } };
    json(response, 401, body, { 'openstack-auth-receipt': markedSecret('token') });
  },
  'says it back about a token': ({ response, said }) => json(response, 200, { token: said }, asKeystone()),
  'says it back as the message': ({ response, said }) =>
    json(response, 403, { error: { message: `you sent ${said}`, title: said } }),
  'says it back beside no token': ({ response, said }) => json(response, 200, { token: 5, [said]: said }),
};

/** Answers that hold a token and are of no use, and no answers. */
const fails: Readonly<Record<string, Behaviour>> = {
  'gives a token with a line break': ({ response }) =>
    json(response, 200, { ...newToken(), access_token: `${markedSecret('token')}\r\nx: y` }),
  'gives a token beyond ASCII': ({ response }) =>
    json(response, 200, { ...newToken(), access_token: markedSecret('text') }),
  'gives a token that is a list': ({ response }) =>
    json(response, 200, { ...newToken(), access_token: [markedSecret('token')] }),
  'gives a token with a blank': ({ response }) =>
    json(response, 201, { token: {} }, { 'x-subject-token': `${markedSecret('token')} ${markedSecret('token')}` }),
  'gives a token in broken JSON': ({ response }) =>
    text(response, 200, 'application/json', JSON.stringify(newToken()).slice(0, -20)),
  'gives a token with status 500': ({ response }) => json(response, 500, newToken()),
  'breaks off': ({ response }) => {
    response.writeHead(200, { 'content-length': 5000 }).write(JSON.stringify(newToken()));
    response.destroy();
  },
  'says nothing': () => undefined,
};

export const echoes: readonly string[] = Object.keys(saysBack);
export const uselessAnswers: readonly string[] = Object.keys(fails);

const behaviours: Readonly<Record<string, Behaviour>> = {
  ...saysBack,
  ...fails,
  kind: ({ response }) => json(response, 200, newToken(), asKeystone()),
};

/** The part of the path that makes the server behave so. */
export function behave(behaviour: string): string {
  return `/${encodeURIComponent(behaviour)}`;
}

export function authorities(): Server {
  return createServer((request, response) => void answer(request, response));
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const [, behaviour = '', path = ''] = (request.url ?? '').split('/');
  const said = [request.headers.authorization, body, ...values(body)].join(' ');
  if (path === 'device') return json(response, 200, deviceCode());
  behaviours[decodeURIComponent(behaviour)]?.({ path, said, response });
}

/** The values of a form or of JSON. */
function values(body: string): string[] {
  if (body.startsWith('{')) return Object.values(JSON.parse(body)).map(String);
  return [...new URLSearchParams(body).values()];
}

function deviceCode(): Record<string, unknown> {
  return {
    device_code: markedSecret('token'),
    user_code: 'WDJB-MJHT',
    verification_uri: 'https://as.example/device',
    expires_in: 600,
  };
}
