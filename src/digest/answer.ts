import { quotedParam } from '../challenge/serialize.ts';
import { assertHeaderValue } from '../header-value.ts';
import type { DigestQop } from './challenge.ts';
import { type HashName, hashBytes, hashText } from './hash.ts';
import type { DigestKey } from './key.ts';
import type { DigestNonce } from './nonce.ts';
import { usernameParam } from './username.ts';

/** What of a request is signed. */
export interface DigestMessage {
  readonly method: string;
  /** The request target as it is sent: path and query, an absolute URL to a proxy, or `host:port` for CONNECT. */
  readonly uri: string;
  /** The bytes of the body, empty where there is none; `undefined` where nobody can know them before. */
  readonly body?: Uint8Array | undefined;
}

/** The answer to a challenge on one request (RFC 7616 §3.4), which also knows what a server answers to it. */
export class DigestAnswer {
  readonly nonce: DigestNonce;
  readonly key: DigestKey;
  readonly #uri: string;
  readonly #qop: DigestQop | undefined;
  readonly #ha1: string;
  /** The nonce, the count and the client nonce, as they are hashed. */
  readonly #middle: string;
  readonly #cnonce: string;
  readonly #nc: string;
  readonly #header: string;

  /**
   * @param qop - What is proven; `undefined` for servers that know RFC 2069 only.
   * @throws {@link CredentialError} for a request target that no header can carry, such as one with a line break.
   */
  constructor(
    message: DigestMessage,
    key: DigestKey,
    login: { username: string },
    nonce: DigestNonce,
    qop?: DigestQop,
  ) {
    const { hash, session } = nonce.challenge.algorithm;
    const cnonce = qop !== undefined || session ? nonce.cnonce() : '';
    const nc = qop === undefined ? '' : nonce.nextCount();
    this.nonce = nonce;
    this.#cnonce = cnonce;
    this.#nc = nc;
    this.key = key;
    this.#uri = message.uri;
    this.#qop = qop;
    this.#ha1 = session ? hashText(hash, `${key.reveal()}:${nonce.value}:${cnonce}`) : key.reveal();
    this.#middle = qop === undefined ? nonce.value : `${nonce.value}:${nc}:${cnonce}`;
    const response = this.#respond(message.method, qop, message.body);
    const [head, tail] = framesOf(nonce, login.username);
    const uri = quotedParam('uri', message.uri);
    const proof = qop === undefined ? '' : `, qop=${qop}, nc=${nc}`;
    const client = cnonce === '' ? '' : `, cnonce="${cnonce}"`;
    this.#header = `${head}, ${uri}${proof}${client}, response="${response}"${tail}`;
    assertHeaderValue(this.#header, 'the answer to a Digest challenge');
  }

  /** The value of `Authorization` or `Proxy-Authorization`. */
  get header(): string {
    return this.#header;
  }

  /** Does the server's proof cover the body of its response, so that it must be read to check it? */
  coversBody(info: ReadonlyMap<string, string>): boolean {
    return this.#provenQop(info) === 'auth-int';
  }

  /**
   * Does `rspauth` prove that the server knows the password as well (RFC 7616 §3.5)? `undefined`: it says nothing.
   *
   * @param info - The parameters of `Authentication-Info` or `Proxy-Authentication-Info`.
   * @param body - The bytes of the response's body, where the proof covers it.
   */
  isProvenBy(info: ReadonlyMap<string, string>, body?: Uint8Array): boolean | undefined {
    const rspauth = info.get('rspauth');
    if (rspauth === undefined) return undefined;
    // RFC 7616 §3.5: these must be those of the request that this is the response to.
    if ((info.get('cnonce') ?? this.#cnonce) !== this.#cnonce) return false;
    if (this.#nc !== '' && Number.parseInt(info.get('nc') ?? this.#nc, 16) !== Number.parseInt(this.#nc, 16))
      return false;
    return rspauth.toLowerCase() === this.#respond('', this.#provenQop(info), body);
  }

  #provenQop(info: ReadonlyMap<string, string>): DigestQop | undefined {
    const said = info.get('qop')?.toLowerCase();
    return this.#qop !== undefined && (said === 'auth' || said === 'auth-int') ? said : this.#qop;
  }

  #respond(method: string, qop: DigestQop | undefined, body?: Uint8Array): string {
    const { hash } = this.nonce.challenge.algorithm;
    const ha2 = hashText(hash, secondPart(hash, `${method}:${this.#uri}`, qop, body));
    return hashText(hash, `${this.#ha1}:${this.#middle}${qop === undefined ? '' : `:${qop}`}:${ha2}`);
  }
}

/** RFC 7616 §3.4.3. */
function secondPart(hash: HashName, line: string, qop: DigestQop | undefined, body: Uint8Array | undefined): string {
  return qop === 'auth-int' ? `${line}:${hashBytes(hash, body ?? new Uint8Array())}` : line;
}

/** What is the same in all answers with one nonce is written once. */
function framesOf(nonce: DigestNonce, username: string): readonly [head: string, tail: string] {
  if (nonce.frames?.username === username) return nonce.frames.text;
  const { realm, algorithmName, opaque, userhash } = nonce.challenge;
  const user = usernameParam(username, nonce.challenge);
  const head = `Digest ${user}, ${quotedParam('realm', realm)}, ${quotedParam('nonce', nonce.value)}`;
  let tail = '';
  if (opaque !== undefined) tail += `, ${quotedParam('opaque', opaque)}`;
  // RFC 7616 §3.4: these two must not be quoted, and servers insist on it.
  if (algorithmName !== undefined) tail += `, algorithm=${algorithmName}`;
  if (userhash) tail += ', userhash=true';
  nonce.frames = { username, text: [head, tail] };
  return nonce.frames.text;
}
