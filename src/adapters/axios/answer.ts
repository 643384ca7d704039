import type { AuthResponse } from '../../lifecycle/contract.ts';
import { isArrayBuffer, isBlob } from '../web/shape.ts';
import type { AxiosAttempt } from './attempt.ts';
import type { AxiosHeaderFields, AxiosReply } from './types.ts';

/** A response of axios, as an authenticator sees it. */
export class AxiosAnswer implements AuthResponse {
  readonly request: AxiosAttempt;
  readonly #reply: AxiosReply;

  constructor(reply: AxiosReply, request: AxiosAttempt) {
    this.#reply = reply;
    this.request = request;
    if (request.finalUrl === undefined && this.#ledElsewhere()) request.hasUnknownHop = true;
  }

  /** Only xhr and mocks name the final URL here. */
  #ledElsewhere(): boolean {
    const { method, sentTo } = this.request;
    if (method === 'GET' || method === 'HEAD') return false;
    const { url } = this;
    return url !== undefined && withoutSearch(url) !== withoutSearch(sentTo);
  }

  get status(): number {
    return this.#reply.status;
  }

  get headers(): { get(name: string): string | null } {
    return { get: (name) => headerOf(this.#reply.headers, name) };
  }

  get url(): string | undefined {
    const { finalUrl, sentTo } = this.request;
    if (finalUrl !== undefined) return finalUrl;
    const { responseURL } = (this.#reply.request ?? {}) as { readonly responseURL?: unknown };
    // Mocks name what they were asked for, which may be relative, or nothing that is a URL.
    if (typeof responseURL !== 'string' || !URL.canParse(responseURL, sentTo)) return undefined;
    return new URL(responseURL, sentTo).href;
  }

  /** Empty where the body is a stream: that is the caller's. */
  async readText(): Promise<string> {
    const { data } = this.#reply;
    if (typeof data === 'string') return data.slice(0, READ_LIMIT);
    const isBinary = isBlob(data) || isArrayBuffer(data) || ArrayBuffer.isView(data);
    return isBinary ? await new Blob([data as BlobPart]).slice(0, READ_LIMIT).text() : '';
  }
}

const READ_LIMIT = 1024 * 1024;

function withoutSearch(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function headerOf(headers: unknown, name: string): string | null {
  const fields = headers as Partial<AxiosHeaderFields> & Record<string, unknown>;
  const value = typeof fields?.get === 'function' ? fields.get(name) : fields?.[name.toLowerCase()];
  return value === undefined || value === null ? null : Array.isArray(value) ? value.join(', ') : String(value);
}
