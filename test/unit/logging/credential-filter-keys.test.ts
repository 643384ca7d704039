import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCredentialFilter, credentialFilter } from '../../../src/logging/credential-filter.ts';
import { textFilter } from '../../../src/logging/text-filter.ts';

function filterAt(start: number, graceMs?: number) {
  const clock = { time: start };
  const now = () => clock.time;
  const filter = createCredentialFilter(graceMs === undefined ? { now } : { now, graceMs });
  return { clock, filter };
}

describe('a key', () => {
  it('replaces: the former value stays masked for five minutes', () => {
    const { clock, filter } = filterAt(1_000);
    filter.updateSecret('token', 'first-token');
    filter.updateSecret('token', 'second-token');
    expect(filter.mask('first-token second-token')).toBe('***** *****');
    clock.time += 299_999;
    expect(filter.mask('first-token second-token')).toBe('***** *****');
    clock.time += 1;
    expect(filter.mask('first-token second-token')).toBe('first-token *****');
  });

  it('replaces at once without grace', () => {
    const { filter } = filterAt(0, 0);
    filter.updateSecret('token', 'first-token');
    filter.updateSecret('token', 'second-token');
    expect(filter.mask('first-token second-token')).toBe('first-token *****');
    filter.removeSecret('token');
    expect(filter.mask('first-token second-token')).toBe('first-token second-token');
  });

  it.each([
    ['removed', (filter: ReturnType<typeof createCredentialFilter>) => filter.removeSecret('token')],
    ['emptied', (filter: ReturnType<typeof createCredentialFilter>) => filter.updateSecret('token', '')],
  ])('that is %s stays masked for the grace period', (_name, end) => {
    const { clock, filter } = filterAt(0, 50);
    filter.updateSecret('token', 'first-token');
    end(filter);
    clock.time = 49;
    expect(filter.mask('first-token')).toBe('*****');
    clock.time = 50;
    expect(filter.mask('first-token')).toBe('first-token');
  });

  it('given the same value again starts no grace period', () => {
    const { clock, filter } = filterAt(0, 50);
    filter.updateSecret('token', 'first-token');
    filter.updateSecret('token', 'first-token');
    clock.time = 1_000;
    expect(filter.mask('first-token')).toBe('*****');
  });

  it('that returns to a former value keeps it beyond the grace period', () => {
    const { clock, filter } = filterAt(0, 50);
    for (const value of ['first-token', 'second-token', 'first-token', 'second-token', 'first-token']) {
      filter.updateSecret('token', value);
    }
    clock.time = 1_000;
    expect(filter.mask('first-token second-token')).toBe('***** second-token');
  });

  it('that was never set is removed without a trace', () => {
    const { filter } = filterAt(0);
    filter.removeSecret('token');
    expect(filter.mask('token')).toBe('token');
  });

  it('may be any text, even the name of a built-in property', () => {
    const { filter } = filterAt(0);
    filter.updateSecret('__proto__', 'first-token');
    filter.updateSecret('constructor', 'second-token');
    expect(filter.mask('first-token second-token')).toBe('***** *****');
  });
});

describe('two keys', () => {
  it('may hold the same value: it is masked until both have let go', () => {
    const { filter } = filterAt(0, 0);
    filter.updateSecret('a', 'shared-token');
    filter.updateSecret('b', 'shared-token');
    filter.removeSecret('a');
    expect(filter.mask('shared-token')).toBe('*****');
    filter.removeSecret('b');
    expect(filter.mask('shared-token')).toBe('shared-token');
  });

  it('may share a form: forgetting one leaves the other masked', () => {
    const { filter } = filterAt(0, 0);
    filter.updateSecret('a', 'open sesame');
    filter.updateSecret('b', 'open sesame ');
    filter.updateSecret('c', 'open%20sesame');
    filter.removeSecret('b');
    filter.removeSecret('c');
    expect(filter.mask('open sesame open%20sesame')).toBe('***** *****');
    filter.removeSecret('a');
    expect(filter.mask('open sesame open%20sesame')).toBe('open sesame open%20sesame');
  });

  it('hold short values apart as well', () => {
    const { filter } = filterAt(0, 0);
    filter.updateSecret('a', 'x1');
    filter.updateSecret('b', 'x1');
    filter.removeSecret('a');
    expect(filter.mask('x1')).toBe('*****');
    filter.removeSecret('b');
    expect(filter.mask('x1')).toBe('x1');
  });
});

describe('memory', () => {
  it('holds at most a thousand former values, the latest ones', () => {
    const { filter } = filterAt(0);
    for (let i = 0; i <= 1500; i += 1) filter.updateSecret('token', `token-${i}-value`);
    expect(filter.mask('token-499-value')).toBe('token-499-value');
    expect(filter.mask('token-500-value')).toBe('*****');
    expect(filter.mask('token-1500-value')).toBe('*****');
  });

  it('shows no secret to an inspector', () => {
    const { filter } = filterAt(0);
    filter.updateSecret('token', 'first-token');
    filter.updateSecret('token', 'second-token');
    const printed = inspect(filter, { showHidden: true, depth: 20, getters: true }) + JSON.stringify(filter);
    expect(printed).not.toContain('-token');
  });

  it('cannot be tampered with', () => {
    expect(Object.isFrozen(createCredentialFilter())).toBe(true);
    expect(Object.isFrozen(credentialFilter)).toBe(true);
  });
});

describe('the filter of the process', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is shared with another installed copy, whose keys are its own', async () => {
    vi.useFakeTimers();
    const path = '../../../src/logging/text-filter.ts?copy';
    const copy: typeof import('../../../src/logging/text-filter.ts') = await import(/* @vite-ignore */ path);
    expect(copy.textFilter).not.toBe(textFilter);
    credentialFilter.updateSecret('AuthBasic#1.password', 'ours-is-this');
    copy.textFilter.updateSecret('AuthBasic#1.password', 'theirs-is-that');
    vi.advanceTimersByTime(3_600_000);
    for (const filter of [credentialFilter, copy.textFilter]) {
      expect(filter.mask('ours-is-this theirs-is-that')).toBe('***** *****');
    }
    credentialFilter.removeSecret('AuthBasic#1.password');
    copy.textFilter.removeSecret('AuthBasic#1.password');
  });

  it('shows nothing on the global object', () => {
    credentialFilter.updateSecret('k', 'ours-is-this');
    const home = Symbol.for('authwire.secrets.v1');
    const property = Object.getOwnPropertyDescriptor(globalThis, home);
    expect(property).toMatchObject({ enumerable: false, writable: false, configurable: false });
    expect(inspect(property, { showHidden: true, depth: 20 })).not.toContain('ours-is-this');
    credentialFilter.removeSecret('k');
  });
});
