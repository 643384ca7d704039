/** Rules 2 and 11: what goes wrong on the way. Sizes count decoded. */

import { gzipSync } from 'node:zlib';
import { bytes, endless, JSON_TYPE, ok, raw, type Talk, type Vector } from './vector.ts';

const T = '{"access_token":"t"}';
const MEGABYTE = 1024 * 1024;
const padded = (size: number) => T.padEnd(size, ' ');
const head = (...lines: readonly string[]) => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

/** Lets the bytes arrive one by one. */
const oneByOne: Talk = (socket) => {
  socket.setNoDelay(true);
  for (const byte of bytes('200 OK', [JSON_TYPE], `{"note":"密","access_token":"t"}`)) socket.write(Buffer.of(byte));
  socket.end();
};

const arrives: readonly Vector[] = [
  { name: 'a byte at a time', talk: oneByOne },
  {
    name: 'in chunks',
    talk: raw(head('transfer-encoding: chunked'), '5\r\n{"acc\r\n', 'f\r\ness_token":"t"}\r\n', '0\r\n\r\n'),
  },
  { name: 'until the connection ends', talk: raw('HTTP/1.0 200 OK\r\n\r\n', T) },
  { name: 'behind early hints', talk: raw('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', bytes('200 OK', [], T)) },
  { name: 'before rubbish that belongs to nothing', talk: raw(head(`content-length: ${T.length}`), `${T}rubbish`) },
  { name: 'with exactly 1 MiB', talk: ok(padded(MEGABYTE)) },
  { name: 'with exactly 1 MiB, gzip', talk: ok(gzipSync(padded(MEGABYTE)), 'content-encoding: gzip') },
].map((vector) => ({ ...vector, token: {} }));

const tooLarge: readonly Vector[] = [
  { name: '1 MiB and one byte', talk: ok(padded(MEGABYTE + 1)) },
  { name: '8 MiB', talk: ok(padded(8 * MEGABYTE)) },
  { name: '8 MiB of line breaks before the token', talk: ok('\n'.repeat(8 * MEGABYTE) + T) },
  { name: 'a gzip bomb of 64 MiB', talk: ok(gzipSync(padded(64 * MEGABYTE)), 'content-encoding: gzip') },
  { name: 'a body without end', talk: endless },
  { name: 'a body of 1 TiB, as it says', talk: raw(head('content-length: 1099511627776'), padded(2 * MEGABYTE)) },
].map((vector) => ({ ...vector, fails: { kind: 'malformed', status: 200, message: /larger than 1 MiB/ } }) as const);

const zipped = gzipSync(T);

const reset: Talk = (socket) => void socket.resetAndDestroy();

const broken: readonly Vector[] = [
  { name: 'no answer', talk: raw() },
  {
    name: 'a reset',
    talk: reset,
    fails: { kind: 'network', message: /ECONNRESET/ },
  },
  { name: 'a head cut short', talk: raw('HTTP/1.1 200 OK\r\ncontent-ty') },
  { name: 'a body cut short', talk: raw(head('content-length: 100'), T) },
  { name: 'a body whose chunks end too soon', talk: raw(head('transfer-encoding: chunked'), '14\r\n', T) },
  { name: 'a body whose last chunk is missing', talk: raw(head('transfer-encoding: chunked'), `14\r\n${T}\r\n`) },
  { name: 'chunks without size', talk: raw(head('transfer-encoding: chunked'), `zz\r\n${T}\r\n`) },
  { name: 'two lengths', talk: raw(head('content-length: 20', 'content-length: 21'), `${T} `) },
  { name: 'a length below zero', talk: raw(head('content-length: -1'), T) },
  { name: 'gzip that is none', talk: ok(T, 'content-encoding: gzip') },
  { name: 'gzip with a wrong checksum', talk: ok(wrongChecksum(zipped), 'content-encoding: gzip') },
  { name: 'six encodings', talk: ok(T, 'content-encoding: gzip, gzip, gzip, gzip, gzip, gzip') },
  { name: 'headers without end', talk: raw(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(200_000)}`) },
  { name: 'a NUL in a header', talk: raw(head('x: \0', 'content-length: 20'), T) },
  { name: 'lines that end in LF', talk: raw(`HTTP/1.1 200 OK\ncontent-length: 20\n\n${T}`) },
  { name: 'another protocol', talk: raw('SSH-2.0-OpenSSH_9.2\r\n') },
  { name: 'HTTP/0.9', talk: raw(T) },
  { name: 'a TLS alert', talk: raw(Buffer.from('15030100020246', 'hex')) },
  { name: 'status 99', talk: raw(`HTTP/1.1 99 X\r\ncontent-length: 20\r\n\r\n${T}`) },
  { name: 'another protocol, agreed on', talk: raw('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', T) },
  { name: 'a go-ahead that nobody waits for', talk: raw('HTTP/1.1 100 Continue\r\n\r\n', bytes('200 OK', [], T)) },
].map((vector) => ({ fails: { kind: 'network' }, ...vector }) as Vector);

function wrongChecksum(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  copy[copy.length - 5] = (copy.at(-5) ?? 0) ^ 0xff;
  return copy;
}

export const transport: readonly Vector[] = [...arrives, ...tooLarge, ...broken];
