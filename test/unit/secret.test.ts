import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fingerprint, isSecret, MASK, resolveSecret, reveal, Secret, secret, secretsEqual } from '../../src/secret.ts';

const VALUE = 'open sesame';
const wrapped = secret(VALUE);

/** Every way to print we could think of. */
const printings: readonly [string, () => unknown][] = [
  ['String', () => String(wrapped)],
  ['a template', () => `${wrapped}`],
  ['concatenation', () => 'password: '.concat(wrapped as unknown as string)],
  // biome-ignore lint/style/useTemplate: concatenation is what this is about
  ['plus', () => 'x' + (wrapped as unknown as string)],
  ['join', () => [wrapped].join()],
  ['toLocaleString', () => wrapped.toLocaleString()],
  ['JSON', () => JSON.stringify(wrapped)],
  ['JSON, nested', () => JSON.stringify({ a: [wrapped] })],
  ['inspect', () => inspect(wrapped)],
  ['inspect, nested', () => inspect({ a: { b: [wrapped] }, m: new Map([[wrapped, wrapped]]) }, { depth: 9 })],
  ['inspect with hidden properties', () => inspect({ wrapped }, { showHidden: true, getters: true, depth: 9 })],
  [
    'inspect without custom inspection',
    () => inspect(wrapped, { customInspect: false, showHidden: true, getters: true, depth: 9 }),
  ],
  ['inspect of the prototype', () => inspect(Secret.prototype, { showHidden: true, customInspect: false })],
  ['Object.entries', () => JSON.stringify(Object.entries(wrapped))],
  ['own keys', () => Reflect.ownKeys(wrapped).map(String).join()],
  ['spread', () => inspect({ ...wrapped })],
  ['structuredClone', () => inspect(structuredClone(wrapped), { showHidden: true })],
  ['structuredClone, nested', () => inspect(structuredClone({ wrapped }), { showHidden: true, depth: 9 })],
  ['an error message', () => new Error(`refused: ${wrapped}`).message],
  ['an error property', () => inspect(Object.assign(new Error('refused'), { wrapped }))],
  ['a URL', () => new URL(`https://host/?key=${wrapped}`).href],
  ['URLSearchParams', () => new URLSearchParams({ key: wrapped as unknown as string }).toString()],
  ['Headers', () => new Headers({ 'x-key': wrapped as unknown as string }).get('x-key')],
  ['a bad base64', () => attempt(() => atob(`${wrapped}`))],
  ['a bad number', () => attempt(() => BigInt(wrapped as unknown as string))],
];

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return inspect(error);
  }
}

describe('Secret', () => {
  it.each(printings)('shows nothing of its value through %s', (_name, print) => {
    expect(String(print())).not.toContain(VALUE);
    expect(String(print())).not.toContain('sesame');
  });

  it.each(printings.slice(0, 10))('prints as the mask through %s', (_name, print) => {
    expect(print()).toContain(MASK);
  });

  it('shows nothing in a console table', async () => {
    const { Console } = await import('node:console');
    const { PassThrough } = await import('node:stream');
    const out = new PassThrough();
    new Console({ stdout: out }).table([{ user: 'ali', password: wrapped }]);
    const printed = String(out.read());
    expect(printed).toContain('ali');
    expect(printed).toContain(MASK);
    expect(printed).not.toContain('sesame');
  });

  it('is not a number', () => {
    expect(Number(secret('42'))).toBeNaN();
  });
});

describe('reveal', () => {
  it('opens a secret', () => {
    expect(reveal(wrapped)).toBe(VALUE);
  });

  it('returns text as it is', () => {
    expect(reveal('plain')).toBe('plain');
  });

  it('opens what another installed copy has wrapped', async () => {
    const copy = await loadCopy();
    const theirs = copy.secret('theirs');
    expect(theirs).not.toBeInstanceOf(Secret);
    expect(reveal(theirs)).toBe('theirs');
    expect(isSecret(theirs)).toBe(true);
    expect(copy.reveal(wrapped)).toBe(VALUE);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [123456, 'number'],
    [{ value: VALUE }, 'object'],
  ])('refuses %s and names only its type', (value, type) => {
    expect(() => reveal(value as unknown as string)).toThrow(
      new TypeError(`Expected a string or a Secret, got ${type}.`),
    );
  });
});

describe('secretsEqual', () => {
  it.each([
    [VALUE, VALUE, true],
    [wrapped, VALUE, true],
    [wrapped, secret(VALUE), true],
    ['ä☃', 'ä☃', true],
    ['', '', false],
    [secret(''), '', false],
    [VALUE, 'open sesamf', false],
    [VALUE, 'open sesam', false],
    [VALUE, `${VALUE}${VALUE}`, false],
    [VALUE, '', false],
    ['', VALUE, false],
    ['a', 'aaa', false],
  ])('of %s and %s is %s', (expected, given, equal) => {
    expect(secretsEqual(expected, given)).toBe(equal);
  });

  it('refuses what is no text', () => {
    expect(() => secretsEqual(VALUE, undefined as unknown as string)).toThrow(TypeError);
  });
});

describe('fingerprint', () => {
  it('is the same for the same secret, wrapped or not, and another one for others', async () => {
    const name = await fingerprint(VALUE);
    expect(name).toMatch(/^[0-9a-f]{12}$/);
    expect(await fingerprint(wrapped)).toBe(name);
    expect(await fingerprint('open sesamf')).not.toBe(name);
  });

  it('is never made with an empty key', async () => {
    expect(await fingerprint(VALUE, '')).toBe(await fingerprint(VALUE));
  });

  it('depends on the key: RFC 4231 test case 2', async () => {
    expect(await fingerprint('what do ya want for nothing?', 'Jefe')).toBe('5bdcc146bf60');
    expect(await fingerprint('what do ya want for nothing?', secret('Jefe'))).toBe('5bdcc146bf60');
    expect(await fingerprint('what do ya want for nothing?')).not.toBe('5bdcc146bf60');
  });

  it('differs in another process', async () => {
    const copy = await loadCopy();
    expect(await copy.fingerprint(VALUE)).not.toBe(await fingerprint(VALUE));
  });
});

describe('resolveSecret', () => {
  it.each([
    ['text', VALUE],
    ['a secret', wrapped],
    ['a function that returns text', () => VALUE],
    ['a function that returns a secret', () => wrapped],
  ])('answers at once for %s', (_name, option) => {
    expect(resolveSecret(option)).toBe(VALUE);
  });

  it.each([
    ['text', async () => VALUE],
    ['a secret', async () => wrapped],
  ])('waits for an async function that returns %s', async (_name, option) => {
    const value = resolveSecret(option);
    expect(value).toBeInstanceOf(Promise);
    await expect(value).resolves.toBe(VALUE);
  });

  it('waits for a promise of another library', async () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
    const thenable = { then: (done: (value: Secret) => void) => done(wrapped) } as unknown as Promise<Secret>;
    await expect(resolveSecret(() => thenable)).resolves.toBe(VALUE);
  });

  it('asks a function each time', () => {
    let asked = 0;
    const option = () => `value ${++asked}`;
    expect([resolveSecret(option), resolveSecret(option)]).toEqual(['value 1', 'value 2']);
  });

  it('hands on what a function throws or rejects with', async () => {
    const failure = new Error('vault is sealed');
    expect(() =>
      resolveSecret(() => {
        throw failure;
      }),
    ).toThrow(failure);
    await expect(resolveSecret(() => Promise.reject(failure))).rejects.toBe(failure);
  });
});

async function loadCopy(): Promise<typeof import('../../src/secret.ts')> {
  const path = '../../src/secret.ts?copy';
  return await import(/* @vite-ignore */ path);
}
