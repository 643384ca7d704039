import type { Dispatcher } from 'undici';
import { type HeaderPolicy, ObjectHeaders, SignedHeaders } from '../../lifecycle/headers.ts';

type Value = string | string[] | undefined;
type Fields = Record<string, string | string[]>;
type Given = Dispatcher.DispatchOptions['headers'];

/** The headers of a call, read once: an object, or names and values in turn. */
export type HeaderSource = Fields | Value[];

/**
 * Reads headers in any of undici's shapes. Pairs and other iterables become names and values in turn, because they may
 * be readable only once.
 *
 * @throws TypeError for an iterable of something else than pairs, as undici would.
 */
export function readHeaders(headers: Given): HeaderSource {
  if (headers === undefined || headers === null) return {};
  if (Array.isArray(headers) && !Array.isArray(headers[0])) return [...(headers as string[])];
  if (!isIterable(headers)) return { ...(headers as Fields) };
  const flat: Value[] = [];
  for (const pair of headers) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError('headers must be in key-value pair format');
    flat.push(pair[0], pair[1]);
  }
  return flat;
}

function isIterable(headers: object): headers is Iterable<[string, Value]> {
  return typeof (headers as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
}

/** A copy of the caller's headers, to be signed. */
export function copyHeaders(source: HeaderSource, policy: HeaderPolicy): ObjectHeaders | FlatHeaders {
  return Array.isArray(source) ? new FlatHeaders([...source], policy) : new ObjectHeaders({ ...source }, policy);
}

/** Names and values in turn: the shape in which undici and its interceptors hand headers on. */
export class FlatHeaders extends SignedHeaders {
  readonly fields: Value[];

  constructor(fields: Value[], policy: HeaderPolicy) {
    super(policy);
    this.fields = fields;
  }

  protected override read(name: string): string | null {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + 2)) values.push(String(this.fields[at + 1]));
    return values.length === 0 ? null : values.join(', ');
  }

  protected override write(name: string, value: string): void {
    this.remove(name);
    this.fields.push(name, value);
  }

  override remove(name: string): void {
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at)) this.fields.splice(at, 2);
  }

  /** Where a name with a value stands, from an even index on; -1 if nowhere. */
  #find(name: string, from: number): number {
    for (let at = from; at < this.fields.length; at += 2) {
      if (String(this.fields[at]).toLowerCase() === name && this.fields[at + 1] !== undefined) return at;
    }
    return -1;
  }
}
