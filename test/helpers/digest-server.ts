/**
 * A server that wants Digest and checks everything that RFC 7616 lets it check. It is written by node:crypto alone, and
 * shares no line with the package: what both get wrong they must get wrong for themselves.
 */

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface DigestServerOptions {
  readonly username?: string;
  readonly password?: string;
  readonly realm?: string;
  /** One challenge for each, in this order; `undefined`: a challenge that names none. Default: `['MD5']`. */
  readonly algorithms?: readonly (string | undefined)[];
  /** What stands in `qop`; `undefined`: as RFC 2069. Default: `'auth'`. */
  readonly qop?: string | undefined;
  /** More parameters of every challenge, written as they are to be sent. */
  readonly extra?: string;
  /** How often a nonce may be used. Default: without end. */
  readonly nonceUses?: number;
  /** May `nc` leave a number out, or come late? `'gapless'`: neither. Default: `'unique'`, both. */
  readonly nc?: 'unique' | 'gapless';
  /** Does the server forget to say `stale`? */
  readonly silent?: boolean;
  /** Gives the next nonce with every answer. */
  readonly nextNonce?: boolean;
  /** Proves that it knows the password: rightly, wrongly, or not at all. Default: rightly. */
  readonly proof?: 'right' | 'wrong' | 'of another request' | 'of another count' | 'none';
  /** Paths without protection. */
  readonly open?: readonly string[];
}

export interface DigestHit {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly authorization: string | undefined;
  /** The parameters of the answer, unquoted. */
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
  /** Why it was refused. */
  readonly refusal: string | undefined;
}

export interface DigestServer {
  readonly origin: string;
  readonly hits: DigestHit[];
  options: DigestServerOptions;
  url(path: string): string;
  /** From now on every nonce that was given is stale. */
  expireNonces(): void;
}

interface Nonce {
  readonly used: Set<number>;
  stale: boolean;
}

const OPAQUE = 'an "opaque" \\ value';
const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
/** RFC 7616 §3.4: what must not be quoted; all others must. */
const UNQUOTED = ['algorithm', 'qop', 'nc', 'userhash', 'username*'];

export async function startDigestServer(options: DigestServerOptions = {}): Promise<DigestServer> {
  const nonces = new Map<string, Nonce>();
  const hits: DigestHit[] = [];
  const listener = createServer(async (request, response) => {
    const body = await readAll(request);
    const { refusal, stale, params, proof } = check(request, body, self.options, nonces);
    const status = answer(request, response, refusal);
    hits.push({
      method: request.method ?? '',
      url: request.url ?? '',
      body,
      authorization: request.headers.authorization,
      params,
      status,
      refusal,
    });
    if (status === 401) response.setHeader('www-authenticate', challenges(self.options, nonces, stale));
    else if (proof !== undefined) response.setHeader('authentication-info', info(self.options, nonces, proof));
    response.writeHead(status).end(status === 401 ? 'refused' : `${request.method} ${body}`);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(async () => {
    listener.closeAllConnections();
    listener.close();
    await once(listener, 'close');
  });
  const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const self: DigestServer = {
    origin,
    hits,
    options,
    url: (path) => origin + path,
    expireNonces() {
      for (const nonce of nonces.values()) nonce.stale = true;
    },
  };
  return self;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** `/go?to=…` leads elsewhere, with the status that `as` names; everything else is there. */
function answer(request: IncomingMessage, response: ServerResponse, refusal: string | undefined): number {
  if (refusal !== undefined) return 401;
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const to = searchParams.get('to');
  if (pathname !== '/go' || to === null) return 200;
  response.setHeader('location', to);
  return Number(searchParams.get('as') ?? 302);
}

function challenges(options: DigestServerOptions, nonces: Map<string, Nonce>, stale: boolean): string[] {
  const { realm = 'a realm', algorithms = ['MD5'], extra, silent } = options;
  const qop = 'qop' in options ? options.qop : 'auth';
  const nonce = newNonce(nonces);
  return algorithms.map((algorithm) =>
    [
      `Digest realm="${onWire(realm)}", nonce="${nonce}", opaque="${OPAQUE.replace(/["\\]/g, '\\$&')}"`,
      algorithm && `algorithm=${algorithm}`,
      qop && `qop="${qop}"`,
      stale && !silent && 'stale=true',
      extra,
    ]
      .filter(Boolean)
      .join(', '),
  );
}

/** Node writes and reads a character of a header as one byte: here are the bytes of UTF-8. */
function onWire(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function newNonce(nonces: Map<string, Nonce>): string {
  const nonce = randomBytes(12).toString('base64');
  nonces.set(nonce, { used: new Set(), stale: false });
  return nonce;
}

function info(options: DigestServerOptions, nonces: Map<string, Nonce>, proof: string): string {
  const { proof: kind = 'right', nextNonce } = options;
  return [
    kind === 'right' && proof,
    kind === 'of another request' && `${proof.replace(/, cnonce="[^"]*"/, '')}, cnonce="bm90IHlvdXJz"`,
    kind === 'of another count' && `${proof.replace(/, nc=\w+/, '')}, nc=000000ff`,
    kind === 'wrong' && proof.replace(/rspauth="[0-9a-f]{8}/, 'rspauth="00000000'),
    nextNonce && `nextnonce="${newNonce(nonces)}"`,
  ]
    .filter(Boolean)
    .join(', ');
}

interface Checked {
  readonly params: Record<string, string>;
  readonly refusal?: string;
  readonly stale: boolean;
  readonly proof?: string;
}

function check(
  request: IncomingMessage,
  body: string,
  options: DigestServerOptions,
  nonces: Map<string, Nonce>,
): Checked {
  const { authorization } = request.headers;
  if (options.open?.includes((request.url ?? '').split('?')[0] ?? '')) return { params: {}, stale: false };
  if (authorization === undefined) return { params: {}, refusal: 'no answer', stale: false };
  const params: Record<string, string> = {};
  const refuse = (refusal: string, stale = false): Checked => ({ params, refusal, stale });
  const malformed = parseInto(params, authorization);
  if (malformed !== undefined) return refuse(malformed);
  const wrong = wrongParameter(request, params, options);
  if (wrong !== undefined) return refuse(wrong);
  const nonce = nonces.get(params.nonce ?? '');
  if (nonce === undefined) return refuse('unknown nonce', true);
  const respond = responder(params, body, options);
  if (params.response !== respond(request.method ?? '')) return refuse('wrong response');
  if (nonce.stale || nonce.used.size >= (options.nonceUses ?? Number.POSITIVE_INFINITY)) {
    return refuse('stale nonce', true);
  }
  const count = Number.parseInt(params.nc ?? '0', 16);
  if (params.qop !== undefined) {
    if (nonce.used.has(count)) return refuse(`replayed nc ${params.nc}`);
    if (options.nc === 'gapless' && count !== nonce.used.size + 1) return refuse(`nc ${params.nc} out of order`, true);
  }
  nonce.used.add(params.qop === undefined ? nonce.used.size + 1 : count);
  const told = params.qop === undefined ? '' : `, qop=${params.qop}, nc=${params.nc}, cnonce="${params.cnonce}"`;
  return { params, stale: false, proof: `rspauth="${respond('', `${request.method} ${body}`)}"${told}` };
}

/** What is wrong with the form of it. */
function parseInto(params: Record<string, string>, authorization: string): string | undefined {
  if (!authorization.startsWith('Digest ')) return 'another scheme';
  const element = /([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))(?:, |$)/gy;
  const list = authorization.slice('Digest '.length);
  let end = 0;
  for (const [all, name = '', quoted, bare] of list.matchAll(element)) {
    end += all.length;
    if (name in params) return `${name} twice`;
    if ((quoted === undefined) !== UNQUOTED.includes(name)) return `${name} quoted wrongly`;
    params[name] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  }
  return end === list.length ? undefined : 'unreadable';
}

function wrongParameter(
  request: IncomingMessage,
  params: Readonly<Record<string, string>>,
  options: DigestServerOptions,
): string | undefined {
  const { realm = 'a realm', algorithms = ['MD5'] } = options;
  const qops = ('qop' in options ? options.qop : 'auth')?.split(/, */);
  if (params.uri !== request.url) return `uri ${params.uri} is not ${request.url}`;
  if (params.realm !== onWire(realm)) return 'another realm';
  if (params.opaque !== OPAQUE) return 'another opaque';
  if (!algorithms.includes(params.algorithm)) return `algorithm ${params.algorithm} was not offered`;
  if (qops === undefined ? params.qop !== undefined : !qops.includes(params.qop ?? '')) return `qop ${params.qop}`;
  if (qops !== undefined && !/^[0-9a-f]{8}$/.test(params.nc ?? '')) return `nc ${params.nc}`;
  if (qops !== undefined && (params.cnonce ?? '').length < 22) return 'a short cnonce';
  if (qops === undefined && params.nc !== undefined) return 'nc without qop';
  return wrongUser(params, options);
}

function wrongUser(params: Readonly<Record<string, string>>, options: DigestServerOptions): string | undefined {
  const { username = 'ada', realm = 'a realm', extra = '' } = options;
  const extended = params['username*']?.replace(/^UTF-8''/, '');
  const plain = params.username && Buffer.from(params.username, 'latin1').toString();
  const given = extended === undefined ? plain : decodeURIComponent(extended);
  const hashed = extra.includes('userhash=true');
  if (hashed !== (params.userhash === 'true')) return 'userhash';
  const expected = hashed ? hasher(params.algorithm)(`${username}:${realm}`) : username;
  return given === expected ? undefined : 'another user';
}

function hasher(algorithm = 'MD5'): (data: string) => string {
  const name = HASHES[algorithm.replace(/-sess$/, '')] ?? 'md5';
  return (data) => createHash(name).update(data).digest('hex');
}

/** RFC 7616 §3.4.1 to §3.4.3, and §3.5 for the proof, whose method is empty. */
function responder(params: Readonly<Record<string, string>>, body: string, options: DigestServerOptions) {
  const { username = 'ada', password = 'open sesame', realm = 'a realm' } = options;
  const { nonce, nc, cnonce, qop, uri } = params;
  const H = hasher(params.algorithm);
  const key = H(`${username}:${realm}:${password}`);
  const ha1 = params.algorithm?.endsWith('-sess') ? H(`${key}:${nonce}:${cnonce}`) : key;
  return (method: string, entity = body) => {
    const ha2 = H(qop === 'auth-int' ? `${method}:${uri}:${H(entity)}` : `${method}:${uri}`);
    return H(qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
  };
}
