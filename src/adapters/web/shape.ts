/**
 * Classes of the platform, told by their tag and by what they can do: those of another package (undici's `FormData`), of
 * another realm or of a bundled copy count as well.
 */

/** `[object FormData]` and the like. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** Not `form-data`'s, which has the same tag and is a stream. */
export function isFormData(value: unknown): value is FormData {
  return tagOf(value) === '[object FormData]' && typeof (value as FormData).entries === 'function';
}

/**
 * Also the Request of another realm, or of another implementation. What has a text of its own is none: a fetch that does not
 * know its class sends to that text.
 */
export function isRequest(input: RequestInfo | URL): input is Request {
  const isLike = typeof input === 'object' && input !== null && 'url' in input && typeof input.clone === 'function';
  return isLike && String(input).startsWith('[');
}

export function isBlob(value: unknown): value is Blob {
  const tag = tagOf(value);
  return (tag === '[object Blob]' || tag === '[object File]') && typeof (value as Blob).arrayBuffer === 'function';
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === '[object ArrayBuffer]';
}

export function isWebStream(value: unknown): value is ReadableStream {
  return typeof (value as Partial<ReadableStream> | null | undefined)?.getReader === 'function';
}
