import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import winston from 'winston';
import { authLogger } from '../../../src/logging/auth-logger.ts';
import { createCredentialFilter, credentialFilter } from '../../../src/logging/credential-filter.ts';
import { secret } from '../../../src/secret.ts';
import type { DebugSink } from '../../../src/secrets/debug-sink.ts';

const filter = createCredentialFilter();
filter.updateSecret('token', 'open sesame');
filter.updateSecret('pin', '123456');

afterEach(() => {
  vi.restoreAllMocks();
});

/** Logs one event and gives back what the sink was handed. */
function logged(fields: Readonly<Record<string, unknown>>, message = 'renewed') {
  const calls: [Readonly<Record<string, unknown>>, string][] = [];
  const logger: DebugSink = { debug: (...call) => calls.push(call) };
  authLogger({ debug: true, logger, filter }).debug(message, fields);
  expect(calls).toHaveLength(1);
  return calls[0] as (typeof calls)[number];
}

describe('without debug', () => {
  it('is one shared frozen logger that says nothing', () => {
    const print = vi.spyOn(console, 'error');
    const logger = { debug: vi.fn() };
    const silent = authLogger();
    for (const log of [silent, authLogger({ debug: false, logger }), authLogger({ logger }), authLogger({ filter })]) {
      expect(log).toBe(silent);
      log.debug('renewed', { generation: 2 });
    }
    expect(silent.enabled).toBe(false);
    expect(Object.isFrozen(silent)).toBe(true);
    expect(logger.debug).not.toHaveBeenCalled();
    expect(print).not.toHaveBeenCalled();
  });

  it('reads no field', () => {
    const fields = Object.defineProperty({}, 'token', { enumerable: true, get: () => expect.unreachable() });
    authLogger().debug('renewed', fields as Record<string, unknown>);
  });
});

describe('with debug', () => {
  it('hands the sink fields and message, masked', () => {
    const [fields, message] = logged(
      { origin: 'https://api.example', header: 'Bearer open sesame', generation: 2, cached: true, owner: null },
      'said open sesame',
    );
    expect(message).toBe('said *****');
    expect(fields).toEqual({
      origin: 'https://api.example',
      header: 'Bearer *****',
      generation: 2,
      cached: true,
      owner: null,
    });
  });

  it('uses the filter of the process by default', () => {
    credentialFilter.updateSecret('logger test', 'abracadabra');
    const logger = { debug: vi.fn() };
    authLogger({ debug: true, logger }).debug('abracadabra', { word: 'abracadabra' });
    expect(logger.debug).toHaveBeenCalledExactlyOnceWith({ word: '*****' }, '*****');
    credentialFilter.removeSecret('logger test');
  });

  it('speaks to pino', () => {
    const lines: string[] = [];
    const logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    authLogger({ debug: true, logger, filter }).debug('renewed', { reason: 'refused', token: 'open sesame' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 20, msg: 'renewed', reason: 'refused', token: '*****' });
  });

  it('tells winston the event, too', () => {
    const lines: Record<string, unknown>[] = [];
    const stream = new Writable({ write: (line, _encoding, done) => done(void lines.push(JSON.parse(`${line}`))) });
    const format = winston.format.json();
    const logger = winston.createLogger({
      level: 'debug',
      format,
      transports: new winston.transports.Stream({ stream }),
    });
    for (const one of [logger, logger.child({ part: 'api' })]) {
      authLogger({ debug: true, logger: one, filter }).debug('said open sesame', {
        reason: 'refused',
        token: 'open sesame',
      });
    }
    const line = { level: 'debug', message: 'said *****', reason: 'refused', token: '*****' };
    expect(lines).toEqual([line, { ...line, part: 'api' }]);
  });

  it.each([
    ['throws', () => expect.unreachable()],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('survives a sink that %s', async (_name, debug) => {
    const log = authLogger({ debug: true, logger: { debug }, filter });
    expect(() => log.debug('renewed')).not.toThrow();
    // An unhandled rejection would fail the run by now.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('says nothing rather than something unmasked when the filter fails', () => {
    const logger = { debug: vi.fn() };
    const broken = { ...filter, mask: () => expect.unreachable() };
    authLogger({ debug: true, logger, filter: broken }).debug('renewed', { token: 'open sesame' });
    expect(JSON.stringify(logger.debug.mock.calls)).not.toContain('sesame');
  });
});

describe('the console line', () => {
  function printed(message: string, fields?: Readonly<Record<string, unknown>>): unknown[] {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    const out = vi.spyOn(console, 'log');
    authLogger({ debug: true, filter }).debug(message, fields);
    expect(out).not.toHaveBeenCalled();
    expect(print).toHaveBeenCalledOnce();
    return print.mock.calls[0] ?? [];
  }

  it.each([
    ['renewed', undefined, 'authwire renewed'],
    [
      'renewed',
      { authenticator: 'AuthJwt', origin: 'https://api.example', generation: 2, tookMs: 13.5, ok: true, was: null },
      'authwire renewed authenticator=AuthJwt origin=https://api.example generation=2 tookMs=13.5 ok=true was=null',
    ],
    ['refused', { reason: 'token has expired', empty: '' }, 'authwire refused reason="token has expired" empty=""'],
    ['refused', { said: 'a="b"', eq: 'a=b' }, 'authwire refused said="a=\\"b\\"" eq="a=b"'],
    ['refused', { scope: ['a', 'b'], of: [1, 2] }, 'authwire refused scope=["a","b"] of=[1,2]'],
    ['open sesame', { 'open sesame': 'open sesame' }, 'authwire ***** *****=*****'],
    ['refused', { gone: undefined }, 'authwire refused gone=undefined'],
  ])('of %s %j', (message, fields, line) => {
    expect(printed(message, fields)).toEqual([line]);
  });

  it('is masked as a whole, too', () => {
    credentialFilter.updateSecret('line', 'said=open');
    expect(printed('refused', { said: 'open' })).toEqual(['authwire refused *****']);
    credentialFilter.removeSecret('line');
  });

  it('cannot be forged by what a server sends', () => {
    const [line] = printed('refused\nauthwire accepted', {
      realm: 'x\r\nauthwire accepted',
      esc: '\u001b[2J\u202e\u2028',
    });
    expect(line).toBe(
      'authwire refused\\u{a}authwire accepted realm="x\\r\\nauthwire accepted" esc="\\u001b[2J\\u{202e}\\u{2028}"',
    );
  });
});

describe('fields', () => {
  it('are masked, keys and lists too, and left as they were', () => {
    const fields = Object.freeze({ list: ['open%20sesame', 'x'], 'open sesame': 'said open sesame' });
    expect(logged(fields)[0]).toEqual({ list: ['*****', 'x'], '*****': 'said *****' });
    expect(fields).toEqual({ list: ['open%20sesame', 'x'], 'open sesame': 'said open sesame' });
  });

  it.each([
    ['a secret as a number', 123456, '*****'],
    ['a number', 12345, 12345],
    ['a big integer', 123456n, '*****'],
    ['a symbol', Symbol('open sesame'), 'Symbol(*****)'],
    ['a wrapped secret', secret('never registered'), '[object Secret]'],
    ['a function', () => 'open sesame', '[object Function]'],
    ['a date', new Date(0), '[object Date]'],
    ['an object', { token: 'never registered' }, '[object Object]'],
    ['an object without a prototype', Object.create(null), '[object Object]'],
    ['a list in a list', [['never registered']], ['[object Array]']],
    ['character codes', Array.from('open sesame', (char) => char.charCodeAt(0)), '*****'],
    ['other numbers', [1, 2, 3, 4], [1, 2, 3, 4]],
    ['a URL', new URL('https://ali:pw@api.example/open%20sesame?key=k'), '[object URL]'],
    ['bytes', Buffer.from('open sesame'), '[object Uint8Array]'],
    ['headers', new Headers({ authorization: 'never registered' }), '[object Headers]'],
    ['a map', new Map([['open sesame', 1]]), '[object Map]'],
  ])('show %s without its secrets', (_name, value, shown) => {
    expect(logged({ value })[0]).toEqual({ value: shown });
  });

  it('show what an error says, without what a client hangs on it', () => {
    const cause = Object.assign(new TypeError('bad header open sesame'), { code: 'ERR_INVALID_CHAR' });
    const error = Object.assign(new Error('refused', { cause }), { config: { headers: { 'x-key': 'unregistered' } } });
    expect(logged({ error, cause })[0]).toEqual({ error: 'Error: refused', cause: 'TypeError: bad header *****' });
  });

  it('that cannot be read lose the line, and nothing else', () => {
    const broken = {
      get token() {
        return expect.unreachable();
      },
    };
    const logger = { debug: vi.fn() };
    authLogger({ debug: true, logger, filter }).debug('renewed', broken);
    expect(logger.debug).not.toHaveBeenCalled();
  });

  it('are bounded in number and length', () => {
    const wide = Array.from({ length: 10_000 }, () => 7);
    const many = Object.fromEntries(wide.map((_, i) => [`field ${i}`, i]));
    const [fields] = logged({ long: `${'x'.repeat(1990)}open sesame${'x'.repeat(9000)}`, wide, ...many });
    expect(fields.long).toBe(`${'x'.repeat(1990)}*****xx…`);
    expect(fields.wide).toHaveLength(200);
    expect(Object.keys(fields)).toHaveLength(200);
  });
});
