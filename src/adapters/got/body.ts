/**
 * Bodies as got takes them, made fit to be sent twice.
 */

import { Readable } from 'node:stream';
import { ConfigurationError } from '../../errors.ts';
import type { AuthCallOptions } from '../../lifecycle/call-options.ts';
import { multipartBlob } from '../web/multipart.ts';
import { isBlob, isFormData, isWebStream } from '../web/shape.ts';
import type { GotOptions } from './options.ts';

/** What a {@link GotBodyFactory} may give. */
export type GotBody =
  | string
  | ArrayBufferView
  | Blob
  | FormData
  | Readable
  | ReadableStream
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** Makes a body again for every wire attempt: the way to resend what can be read only once. */
export type GotBodyFactory = () => GotBody;

/**
 * What the adapter reads of got's `context`.
 *
 * @example
 * const context: GotAuthContext = { bodyFactory: () => createReadStream(path) };
 * await api.post(url, { context });
 */
export type GotAuthContext = Pick<AuthCallOptions, keyof AuthCallOptions> & {
  /** Makes the body again for every wire attempt, so that a stream can be resent after a renewal. Wins over `body`. */
  bodyFactory?: GotBodyFactory;
};

/** A body that got could send only once, and that we can make again. */
export class FreshBody {
  readonly #make: GotBodyFactory;
  /** The form, encoded once: every attempt sends the same bytes under the same boundary. */
  readonly form: Blob | undefined;
  /** The caller left it to us to say what the body is. */
  readonly #namesType: boolean;

  constructor(options: GotOptions, make: GotBodyFactory, form?: Blob) {
    this.#make = make;
    this.form = form;
    this.#namesType = options.headers['content-type'] === undefined;
    this.renew(options);
  }

  /** Puts a body that nobody has read into the options of the next attempt or hop. */
  renew(options: GotOptions): void {
    const body = this.#make();
    if (isFormData(body)) this.#putBlob(options, multipartBlob(body));
    else if (isBlob(body)) this.#putBlob(options, body);
    else options.body = isWebStream(body) ? toNode(body) : body;
  }

  #putBlob(options: GotOptions, blob: Blob): void {
    options.body = toNode(blob.stream());
    options.headers['content-length'] = String(blob.size);
    if (this.#namesType && blob.type !== '') options.headers['content-type'] = blob.type;
  }
}

/** Reads the body of a call. `undefined`: got can send it again by itself, or nobody can. */
export function freshBodyOf(options: GotOptions): FreshBody | undefined {
  const { bodyFactory } = options.context as GotAuthContext;
  if (bodyFactory !== undefined) return new FreshBody(options, checked(bodyFactory));
  const { body } = options;
  if (typeof body !== 'object' || body === null || options.isStream) return undefined;
  if (isFormData(body) && options.headers['content-type'] === undefined) {
    const form = multipartBlob(body);
    return new FreshBody(options, () => form, form);
  }
  if (isFormDataStream(body)) writeOut(options, body);
  return undefined;
}

export function isReplayable({ body, isStream, method }: GotOptions, fresh: FreshBody | undefined): boolean {
  if (fresh !== undefined || typeof body === 'string' || ArrayBuffer.isView(body)) return true;
  // Without a body of its own, a stream sends what is piped into it.
  return body === undefined && (!isStream || method === 'GET' || method === 'HEAD');
}

/** The bytes that will be sent; `undefined` where they can only be sent. */
export async function bytesOf({ body }: GotOptions, fresh: FreshBody | undefined): Promise<Uint8Array | undefined> {
  if (isText(body)) return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return fresh?.form === undefined ? undefined : new Uint8Array(await fresh.form.arrayBuffer());
}

function checked(bodyFactory: unknown): GotBodyFactory {
  if (typeof bodyFactory === 'function') return bodyFactory as GotBodyFactory;
  throw new ConfigurationError("'context.bodyFactory' is a function that returns a body.", {
    option: 'context.bodyFactory',
  });
}

/** Text, or no body at all. */
function isText(body: unknown): body is string | undefined {
  return typeof body === 'string' || body === undefined;
}

/** got 14 sends a web stream on a first request, but not on the next hop of a redirect. */
function toNode(stream: ReadableStream): Readable {
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}

/** The form-data package's FormData. */
interface FormDataStream {
  getBuffer(): Uint8Array;
  getHeaders(): Record<string, string>;
}

function isFormDataStream(body: object): body is FormDataStream {
  const form = body as Partial<FormDataStream>;
  return typeof form.getBuffer === 'function' && typeof form.getHeaders === 'function';
}

/** Such a form is a stream; written out it is bytes, unless a part of it is a stream itself. */
function writeOut(options: GotOptions, form: FormDataStream): void {
  try {
    options.body = form.getBuffer();
  } catch {
    return;
  }
  options.headers['content-type'] ??= form.getHeaders()['content-type'];
}
