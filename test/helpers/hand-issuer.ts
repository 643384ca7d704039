import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Answer, Received } from './endpoint.ts';

/** An issuer that says whatever a test wants, right or wrong. */
export interface HandIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly received: Received[];
  /** What stands in the configuration beside the usual. */
  metadata: Record<string, unknown>;
  /** What each path answers; the last one goes on for ever. */
  readonly answers: Map<string, Answer[]>;
  /** An ID token for the client `id`, signed with the issuer's key; claims and header as the test wants them. */
  idToken(claims?: JWTPayload, header?: { alg?: string; kid?: string; key?: CryptoKey | Uint8Array }): Promise<string>;
  to(path: string): Received[];
}

export async function startHandIssuer(): Promise<HandIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] };
  const received: Received[] = [];
  const answers = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      const path = url.split('?')[0] ?? '';
      received.push({ method, path, headers, body, form: Object.fromEntries(new URLSearchParams(body)) });
      const queue = answers.get(path) ?? [{ status: 404 }];
      const {
        status = 200,
        json,
        body: text = '',
        headers: more,
      } = (queue.length > 1 ? queue.shift() : queue[0]) ?? {};
      const type = json === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { ...type, ...more }).end(json === undefined ? text : JSON.stringify(json));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answers.set('/jwks', [{ json: jwks }]);

  const self: HandIssuer = {
    issuer,
    received,
    answers,
    get metadata() {
      return (answers.get('/.well-known/openid-configuration')?.[0]?.json ?? {}) as Record<string, unknown>;
    },
    set metadata(more) {
      answers.set('/.well-known/openid-configuration', [{ json: { ...usual(issuer), ...more } }]);
    },
    to: (path) => received.filter((request) => request.path === path),
    idToken(claims = {}, { alg = 'ES256', kid = 'k1', key = privateKey } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: 'id', sub: 'ada', iat: now, exp: now + 60, ...claims };
      return new SignJWT(all).setProtectedHeader({ alg, kid }).sign(key);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  self.metadata = {};
  return self;
}

function usual(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize?tenant=a`,
    token_endpoint: `${issuer}/token`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    device_authorization_endpoint: `${issuer}/device`,
    revocation_endpoint: `${issuer}/revoke`,
    introspection_endpoint: `${issuer}/introspect`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['ES256'],
  };
}
