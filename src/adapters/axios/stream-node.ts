import { isWebStream } from '../web/shape.ts';

/** A stream as axios's http adapter takes it: it knows Node's only. */
export function asNodeStream(data: unknown): unknown {
  if (!isWebStream(data)) return data;
  const { Readable } = globalThis.process.getBuiltinModule('node:stream');
  return Readable.fromWeb(data as Parameters<typeof Readable.fromWeb>[0]);
}
