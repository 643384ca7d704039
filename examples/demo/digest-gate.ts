import { createHash, randomBytes } from 'node:crypto';

/** Digest access authentication (RFC 7616) with SHA-256. Each nonce counts its uses, and takes them in order only. */
export class DigestGate {
  readonly username = 'alice';
  readonly password = randomBytes(24).toString('base64url');
  readonly #uses = new Map<string, number>();

  /** Asks for an answer, with a new nonce. */
  challenge(): string {
    const nonce = randomBytes(24).toString('base64url');
    this.#uses.set(nonce, 0);
    return `Digest realm="demo", qop="auth", algorithm=SHA-256, nonce="${nonce}"`;
  }

  admits(method: string, target: string, authorization: string): boolean {
    const { nonce = '', nc = '', cnonce, uri, response } = paramsOf(authorization);
    const uses = this.#uses.get(nonce);
    if (uses === undefined || Number.parseInt(nc, 16) !== uses + 1 || uri !== target) return false;
    const login = sha256(`${this.username}:demo:${this.password}`);
    if (response !== sha256(`${login}:${nonce}:${nc}:${cnonce}:auth:${sha256(`${method}:${uri}`)}`)) return false;
    this.#uses.set(nonce, uses + 1);
    return true;
  }
}

function paramsOf(authorization: string): Readonly<Record<string, string>> {
  const params = authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g);
  return Object.fromEntries([...params].map(([, name, quoted, bare]) => [name, quoted ?? bare]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
