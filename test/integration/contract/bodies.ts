import type { ClientDriver, ClientRequest } from '../../helpers/clients.ts';

/** One kind of body: made afresh for every test, sent in the client's own way. */
export interface BodyCase {
  readonly kind: string;
  make(): Pick<ClientRequest, 'body' | 'json'>;
  /** What has to arrive, where that is known before it is sent. */
  readonly bytes?: Uint8Array;
}

const text = 'zażółć gęślą jaźń \u{1f511}';
const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
const parameters = { name: 'a b&c', word: 'żółw' };
const record = { text, list: [1, 2, { nested: true }] };
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A view into the middle of a larger buffer. */
function view(): Uint8Array {
  const larger = new Uint8Array(bytes.length + 200);
  larger.set(bytes, 100);
  return larger.subarray(100, 100 + bytes.length);
}

export function form(Class = FormData): FormData {
  const data = new Class();
  data.append('field', text);
  data.append('file', new Blob([bytes], { type: 'application/x-test' }), 'bytes.bin');
  return data;
}

export const replayable: readonly BodyCase[] = [
  { kind: 'string', make: () => ({ body: text }), bytes: utf8(text) },
  { kind: 'JSON', make: () => ({ json: record }), bytes: utf8(JSON.stringify(record)) },
  {
    kind: 'URLSearchParams',
    make: () => ({ body: new URLSearchParams(parameters) }),
    bytes: utf8(new URLSearchParams(parameters).toString()),
  },
  { kind: 'Buffer', make: () => ({ body: Buffer.from(bytes) }), bytes },
  { kind: 'typed array', make: () => ({ body: Uint8Array.from(bytes) }), bytes },
  // axios sends the whole buffer around a view, so what has to arrive is whatever the client sends without us.
  { kind: 'view into a buffer', make: () => ({ body: view() }) },
  { kind: 'Blob', make: () => ({ body: new Blob([bytes], { type: 'application/x-test' }) }), bytes },
  { kind: 'large Buffer', make: () => ({ body: Buffer.alloc(3_000_000, 7) }), bytes: Buffer.alloc(3_000_000, 7) },
  { kind: 'FormData', make: () => ({ body: form() }) },
];

/** Does this client take this kind of body at all? */
export function isAccepted({ capabilities }: ClientDriver, { kind }: BodyCase): boolean {
  return kind !== 'Blob' || capabilities.sendsBlobs;
}
