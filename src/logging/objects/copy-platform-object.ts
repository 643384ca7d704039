import type { Copier, MaskText } from './mask-object.ts';
import { attempt, tagOf, UNREADABLE } from './reading.ts';

/** The objects of the platform keep their contents in internal slots, where no copy of fields finds them. */
const copiers: Readonly<Record<string, (value: never, copier: Copier) => unknown>> = {
  Date: (value: Date) => new Date(value),
  RegExp: (value: RegExp, { mask }) => (mask(String(value)) === String(value) ? value : mask(String(value))),
  String: unbox,
  Number: unbox,
  BigInt: unbox,
  Symbol: unbox,
  URL: (value: URL, { mask }) => maskUrl(value, mask),
  URLSearchParams: (value: URLSearchParams, copier) => new URLSearchParams(maskPairs(value, copier)),
  Headers: (value: Headers, copier) => new Headers(maskPairs(value, copier)),
  FormData: copyFormData,
  Request: (value: Request, { copy }) => copy(fields(value, ['method', 'url', 'headers'])),
  Response: (value: Response, { copy }) => copy(fields(value, ['status', 'statusText', 'url', 'headers'])),
};
/** Nothing to be seen in them. */
const OPAQUE = /^(?:Promise|Weak\w+|\w*Stream|Blob|File|AbortSignal|\w*Generator|\w* Iterator)$/;

/** A copy of an object of the platform; undefined for all others. */
export function copyPlatformObject(value: object, copier: Copier): unknown {
  const tag = tagOf(value);
  const copy = Object.hasOwn(copiers, tag) ? copiers[tag] : undefined;
  // Anybody may name his class Request: then its fields are what is left.
  const copied = attempt(() => copy?.(value as never, copier));
  if (copied !== undefined && copied !== UNREADABLE) return copied;
  return OPAQUE.test(tag) ? `[${tag}]` : copyNodeStream(value, copier);
}

function unbox(value: object, { copy }: Copier): unknown {
  return copy(value.valueOf());
}

/** What is logged of a message of node:http, and of other streams, whose fields lead through the whole process. */
function copyNodeStream(value: object, { copy, mask }: Copier): unknown {
  const { pipe, getHeaders } = value as { pipe?: unknown; getHeaders?: unknown };
  if (typeof pipe !== 'function') return undefined;
  const name = mask(`[${value.constructor?.name || 'Stream'}]`);
  const names = ['method', 'protocol', 'host', 'path', 'url', 'statusCode', 'statusMessage', 'headers'];
  const shown = fields(value, names);
  if (typeof getHeaders === 'function') shown.headers = { ...Reflect.apply(getHeaders, value, []) };
  return shown.headers === undefined ? name : copy({ kind: name, ...shown });
}

function fields(value: object, names: readonly string[]): Record<string, unknown> {
  const entries = names.map((name) => [name, attempt(() => Reflect.get(value, name))] as const);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined && field !== null));
}

function maskUrl(value: URL, mask: MaskText): unknown {
  const masked = mask(value.href);
  return URL.canParse(masked) ? new URL(masked) : masked;
}

function maskPairs(pairs: Iterable<[string, string]>, { take, mask }: Copier): [string, string][] {
  return take(pairs).map(([name, value]) => [mask(name), mask(value)]);
}

function copyFormData(value: FormData, { take, mask }: Copier): FormData {
  const copied = new FormData();
  for (const [name, field] of take(value)) {
    copied.append(mask(name), typeof field === 'string' ? mask(field) : mask(`[File: ${field.name}]`));
  }
  return copied;
}
