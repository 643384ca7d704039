import type { AuthHeaders, AuthRequest } from '../../lifecycle/contract.ts';
import { type HeaderPolicy, SignedHeaders } from '../../lifecycle/headers.ts';
import { fetchTarget } from '../../lifecycle/request-target.ts';
import { bytesOf } from '../web/body.ts';
import type { CallBody } from './body.ts';
import type { Hop } from './hop.ts';
import type { NodeSide } from './node-side.ts';
import type { AxiosCallConfig, AxiosHeaderFields, AxiosStatics } from './types.ts';
import { fullUrl, mustBeWrittenOut, type Place, pathOf, sendsBasicAuth, withoutUserinfo } from './url.ts';

/** One call of the user, as all its attempts see it; after a redirect, as the last hop is to be sent again. */
export interface AxiosCallParts {
  /** The caller's: never written to. Errors and responses show it. */
  readonly caller: AxiosCallConfig;
  /** What is sent: the same, unless it had to be read once or a redirect has led elsewhere. */
  readonly config: AxiosCallConfig;
  readonly place: Place;
  readonly body: CallBody;
  readonly headerPolicy: HeaderPolicy;
  /** The user's copy, where one is known. */
  readonly axios: AxiosStatics | undefined;
  readonly side: NodeSide | undefined;
}

/**
 * Headers in an `AxiosHeaders`, whose own properties they are. Its methods read every name and value again, which costs more
 * than all the rest of an attempt.
 */
class AxiosSignedHeaders extends SignedHeaders {
  readonly fields: AxiosHeaderFields;
  readonly #parts: AxiosCallParts;

  constructor(fields: AxiosHeaderFields, parts: AxiosCallParts) {
    super(parts.headerPolicy);
    this.fields = fields;
    this.#parts = parts;
  }

  protected override read(name: string): string | null {
    if (name === 'authorization' && this.#isBasicAuth()) return 'Basic';
    const key = keyOf(this.fields, name);
    return key === undefined ? null : textOf(this.fields[key]);
  }

  protected override write(name: string, value: string): void {
    this.fields[keyOf(this.fields, name) ?? name] = value;
  }

  override remove(name: string): void {
    const key = keyOf(this.fields, name);
    if (key !== undefined) delete this.fields[key];
  }

  /** axios will put the caller's `auth` over the header: to a policy, that is a header that the caller has set. */
  #isBasicAuth(): boolean {
    return sendsBasicAuth(this.#parts.place.target, this.#parts.config) && !this.added.includes('authorization');
  }
}

/** One wire attempt: the caller's config, with headers of its own to sign. */
export class AxiosAttempt implements AuthRequest {
  readonly headers: AxiosSignedHeaders;
  /** Where the answer came from, if redirects were followed. */
  finalUrl: string | undefined;
  /** The last hop of a redirect, unsigned: a resend repeats that, and nothing before it. */
  hop: Hop | undefined;
  /** A redirect was followed out of sight: the request may have had its effect already. */
  hasUnknownHop = false;
  /** A redirect could not wait for a signature: what came back says nothing about the credential. */
  strayed = false;
  /** The config that was sent. */
  copy: AxiosCallConfig | undefined;
  readonly #parts: AxiosCallParts;
  readonly #adapterName: string | undefined;
  #url: URL | undefined;
  #plainHref: string | undefined;

  constructor(parts: AxiosCallParts, adapterName: string | undefined) {
    const { headers } = parts.config;
    // The http adapter writes into the headers that it gets: each attempt needs its own.
    const fields = copyFields(headers);
    this.#parts = parts;
    this.#adapterName = adapterName;
    this.headers = new AxiosSignedHeaders(fields, parts);
    const { headers: own } = parts.body;
    for (const name in own) fields[keyOf(fields, name) ?? name] = own[name];
  }

  /** The caller's config. */
  get config(): AxiosCallConfig {
    return this.#parts.caller;
  }

  get side(): NodeSide | undefined {
    return this.#parts.side;
  }

  /** Where the request goes, without what the authenticator adds. */
  get sentTo(): string {
    return this.#parts.place.target;
  }

  get method(): string {
    return (this.#parts.config.method ?? 'get').toUpperCase();
  }

  get origin(): string {
    return this.#parts.place.origin;
  }

  get replayable(): boolean {
    return this.#parts.body.replayable && !this.hasUnknownHop;
  }

  get url(): URL {
    if (this.#url === undefined) {
      this.#url = fullUrl(this.#parts, this.#adapterName);
      this.#plainHref = this.#url.href;
    }
    return this.#url;
  }

  set url(url: URL) {
    this.#plainHref = this.plainHref;
    this.#url = new URL(url);
  }

  get target(): string {
    if (this.#adapterName !== 'http' || !this.side) return fetchTarget(this.url);
    return this.signedUrl === undefined ? this.side.httpTarget(this.#parts) : pathOf(this.url);
  }

  /** The URL without what the authenticator adds to it: the only one that a response may show. */
  get plainHref(): string {
    return this.#plainHref ?? this.url.href;
  }

  /** The URL to send to, where the authenticator has changed it. */
  get signedUrl(): string | undefined {
    const href = this.#url?.href;
    return href === this.#plainHref ? undefined : href;
  }

  /** Did it get a header that no client knows for a credential, and takes along wherever a redirect leads? */
  get hasUnusualHeader(): boolean {
    for (const name of this.headers.added) if (name !== 'authorization' && name !== 'cookie') return true;
    return false;
  }

  /** Does it carry anything of ours? */
  get isMarked(): boolean {
    return this.headers.added.length > 0 || this.signedUrl !== undefined;
  }

  /** Does the caller get the body before it has come to its end? */
  get isStreamed(): boolean {
    return this.#parts.config.responseType === 'stream';
  }

  readBody(): Promise<Uint8Array | undefined> {
    const { config, body } = this.#parts;
    return config.bodyFactory === undefined ? bytesOf(body.data) : Promise.resolve(undefined);
  }

  /** What of the config the signature has changed, beyond the headers. */
  rewrite(): Partial<AxiosCallConfig> | undefined {
    const { config, place } = this.#parts;
    const { target } = place;
    const { signedUrl } = this;
    const replacesBasicAuth = sendsBasicAuth(target, config) && this.headers.added.includes('authorization');
    if (signedUrl === undefined && !replacesBasicAuth && !mustBeWrittenOut(config)) return undefined;
    const url = signedUrl ?? target;
    return {
      url: replacesBasicAuth ? withoutUserinfo(url) : url,
      baseURL: undefined,
      params: signedUrl === undefined ? config.params : undefined,
      auth: replacesBasicAuth ? undefined : config.auth,
    };
  }

  /** Takes headers that were added off again. At home the caller's own values come back in their place. */
  takeOff(added: readonly string[], headers: Pick<AuthHeaders, 'set' | 'delete'>, atHome: boolean): void {
    for (const name of added) {
      const own = atHome ? textOf(this.#parts.config.headers.get(name)) : null;
      if (own === null) headers.delete(name);
      else headers.set(name, own);
    }
  }
}

function copyFields(headers: AxiosHeaderFields): AxiosHeaderFields {
  const fields = new (headers.constructor as new () => AxiosHeaderFields)();
  for (const name of Object.keys(headers)) fields[name] = headers[name];
  return fields;
}

/** As the headers spell a name that is in lower case here. */
function keyOf(fields: AxiosHeaderFields, name: string): string | undefined {
  for (const key of Object.keys(fields)) if (key.length === name.length && key.toLowerCase() === name) return key;
  return undefined;
}

/** axios keeps a header that must not be sent as `false`. */
function textOf(value: unknown): string | null {
  return value === undefined || value === null || value === false ? null : String(value);
}
