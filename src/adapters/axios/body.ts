/**
 * Bodies as axios's adapters take them, made fit to be sent twice.
 */

import { isReplayable } from '../web/body.ts';
import { multipartBlob } from '../web/multipart.ts';
import { isFormData } from '../web/shape.ts';
import type { AxiosCallConfig } from './types.ts';

/** A body and what it says about itself; decided once for all attempts of a call. */
export interface CallBody {
  readonly data: unknown;
  readonly replayable: boolean;
  /** The body was rewritten, and these headers belong to what it is now. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The form-data package's FormData, which is a stream. */
interface FormDataStream {
  getBuffer(): Uint8Array;
  getHeaders(): Record<string, string>;
}

/**
 * The body of a call. Forms get one boundary for all attempts, so that a resend is the same bytes; one of the form-data
 * package is written out for that, unless a part of it is a stream.
 */
export function bodyOf(config: AxiosCallConfig): CallBody {
  const { data } = config;
  if (config.bodyFactory !== undefined) return { data: undefined, replayable: true };
  if (typeof data === 'string' || data === undefined || data === null) return { data, replayable: true };
  if (isFormData(data)) return multipart(data, config);
  if (isFormDataStream(data)) return writtenOut(data);
  return { data, replayable: isReplayable(data) };
}

function multipart(form: FormData, { headers }: AxiosCallConfig): CallBody {
  if (/boundary=/i.test(String(headers.get('content-type')))) return { data: form, replayable: true };
  const data = multipartBlob(form);
  return { data, replayable: true, headers: { 'content-type': data.type } };
}

function writtenOut(form: FormDataStream): CallBody {
  try {
    return { data: form.getBuffer(), replayable: true, headers: form.getHeaders() };
  } catch {
    return { data: form, replayable: false };
  }
}

function isFormDataStream(data: unknown): data is FormDataStream {
  const form = data as Partial<FormDataStream>;
  return typeof form.getBuffer === 'function' && typeof form.getHeaders === 'function';
}
