import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { markedLeaks } from '../../helpers/leaks.ts';
import { findMarks, formsOf } from '../../helpers/leaks-forms.ts';
import { MARK, type MarkedKind, markedJwt, markedSecret } from '../../helpers/leaks-mark.ts';
import { printers } from '../../helpers/leaks-printers.ts';
import { watchProcess } from '../../helpers/leaks-process.ts';
import { callGroups } from './calls.ts';
import { configurationGroups } from './configurations.ts';
import { hasEngine } from './engine.ts';
import { functionGroups } from './functions.ts';
import { debugSink, sayCarelessly, takeLogs } from './logs.ts';
import type { FailureGroup } from './paths.ts';
import { storeGroups } from './stores.ts';
import { tokenRequestGroups } from './token-requests.ts';

const kinds: readonly MarkedKind[] = ['text', 'header', 'token'];

it('covers at least 200 paths with each client', () => {
  const count = (groups: readonly FailureGroup[]) => groups.reduce((sum, { paths }) => sum + paths.length, 0);
  for (const driver of drivers) expect(count(callGroups(driver))).toBeGreaterThan(200);
  expect(count(tokenRequestGroups(drivers))).toBeGreaterThan(200);
  for (const groups of [storeGroups(drivers), functionGroups(drivers), configurationGroups()]) {
    expect(count(groups)).toBeGreaterThan(100);
  }
});

describe.each(kinds)('a marked secret for a place of kind %s', (kind) => {
  it('is long, unique, and changes in every encoding', () => {
    const secret = markedSecret(kind);

    expect(secret.length).toBeGreaterThan(20);
    expect(markedSecret(kind)).not.toBe(secret);
    expect(formsOf(secret).length).toBeGreaterThan(20);
  });

  it('is found in every form, and as half of it', () => {
    const forms = formsOf(markedSecret(kind));
    const halves = forms.map((form) => form.slice(0, Math.ceil(form.length / 2)));

    expect([...forms, ...halves].filter((form) => findMarks(`before ${form} after`).length === 0)).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4])('is found %i bytes into a longer text in base64', (offset) => {
    const bytes = Buffer.from('x'.repeat(offset) + markedSecret(kind));

    expect(findMarks(bytes.toString('base64'))).not.toEqual([]);
    expect(findMarks(bytes.toString('base64url'))).not.toEqual([]);
  });
});

it.each<[string, (bytes: Buffer) => string]>([
  ['a typed array, whose numbers are padded', (bytes) => inspect(new Uint16Array(bytes))],
  ['a typed array in JSON', (bytes) => JSON.stringify(new Uint8Array(bytes), null, 2)],
  ['a typed array in a string in JSON', (bytes) => JSON.stringify(JSON.stringify(new Uint8Array(bytes)))],
  ["Python's bytes", (bytes) => [...bytes].map((byte) => `\\x${byte.toString(16)}`).join('')],
  ['octal escapes', (bytes) => [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')],
  ['entities', (bytes) => [...bytes].map((byte) => `&#${byte};`).join('')],
  ['hexadecimal entities', (bytes) => [...bytes].map((byte) => `&#x${byte.toString(16).toUpperCase()};`).join('')],
  ['base64 in base64', (bytes) => Buffer.from(`x${bytes.toString('base64')}`).toString('base64')],
  ['percent-encoding in base64', (bytes) => btoa(`ab${encodeURIComponent(bytes.toString())}`)],
])('a marked secret is found in %s', (_name, print) => {
  expect(findMarks(print(Buffer.from(markedSecret('header'))))).not.toEqual([]);
});

it('the payload and the signature of a marked JWT are found', () => {
  const parts = markedJwt().split('.');

  expect(parts.map((part) => findMarks(part).length > 0)).toEqual([false, true, true]);
});

describe('every printer is heard', () => {
  const secret = markedSecret('text');
  const cause = new Error(`because of ${secret}`);
  const leaky = Object.assign(new Error(secret, { cause }), { name: secret, secret, toJSON: () => ({ secret }) });

  it.each(Object.keys(printers))('%s', (name) => {
    expect(markedLeaks(leaky).some((found) => found.startsWith(`${name}: `))).toBe(true);
  });

  it.each([
    ['as a cause', new Error('harmless', { cause })],
    ['among several errors', new AggregateError([new Error('harmless'), cause])],
    ['nine levels down', [[[[[[[[{ cause }]]]]]]]]],
    ['in bytes', { body: Buffer.from(secret) }],
    ['in a typed array', { body: Uint8Array.from(Buffer.from(secret)) }],
    ['in numbers', { body: [...Buffer.from(secret)] }],
    ['in an object that bytes were spread into', { ...Buffer.from(secret) }],
    ['in a map', new Map([[secret, 1]])],
    ['as a key', { [secret]: 1 }],
  ])('and finds a secret %s', (_where, value) => {
    expect(markedLeaks(value)).not.toEqual([]);
  });
});

describe('the output of the process is heard', () => {
  it.each<[string, () => void]>([
    ['stdout', () => process.stdout.write(MARK)],
    ['stderr', () => process.stderr.write(Buffer.from(MARK))],
    // biome-ignore lint/suspicious/noConsole: it is what is watched.
    ['the console', () => globalThis.console.warn({ MARK })],
  ])('%s', (_name, write) => {
    using output = watchProcess();
    write();
    expect(findMarks(output.take())).not.toEqual([]);
  });

  it('the command line', () => {
    using output = watchProcess();
    expect(output.take()).toContain(process.argv[0]);
  });

  it('the log', () => {
    using output = watchProcess();
    debugSink.debug({ secret: MARK }, 'said');
    const lines = takeLogs()
      .split('\n')
      .filter((line) => line.includes(MARK));
    expect(lines).toHaveLength(2);
    const heard = output.take();
    expect(heard).toContain('authwire said');
    // What nobody registered is no secret to the console's line: the fields were masked before, where they were gathered.
    expect(findMarks(heard)).not.toEqual([]);
  });
});

it('a careless user is heard as well: what no filter knows stays readable', () => {
  takeLogs();
  sayCarelessly(`${inspect(MARK)} unknown`);
  expect(
    takeLogs()
      .split('\n')
      .filter((line) => line.includes('unknown')),
  ).toHaveLength(hasEngine ? 2 : 0);
});
