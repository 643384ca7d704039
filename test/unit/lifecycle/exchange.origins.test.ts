import { describe, expect, it } from 'vitest';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { unionOfOrigins } from '../../../src/lifecycle/choosing-authenticator.ts';
import { Exchange } from '../../../src/lifecycle/exchange.ts';
import { wire } from '../../../src/lifecycle/wiring.ts';
import { type ExchangeOptions, exchange, HandAuth, HOME, request, response } from './by-hand.ts';

const EVIL = 'https://evil.example';
const signed = { authorization: 'one' };

/** What a request to this URL gets, as the first one of its call. */
function headersFor(url: string, options: ExchangeOptions = {}) {
  const auth = new HandAuth();
  const attempt = request({ url });
  exchange(auth, options).prepare(attempt);
  return { fields: attempt.headers.fields, asked: auth.contexts.length };
}

describe('a credential', () => {
  it.each<[string, string, ExchangeOptions]>([
    ['where `origins` names it', `${HOME}/a`, { origins: ['https://other.example', HOME] }],
    ['everywhere with *', `${EVIL}/a`, { origins: '*' }],
    ['where a function says so', `${HOME}/a`, { origins: (url) => url.pathname === '/a' }],
    ['at the base URL', `${HOME}/a`, { home: HOME }],
    [
      'where `origins` reaches beyond the base URL',
      'https://other.example/',
      { home: HOME, origins: ['https://other.example'] },
    ],
  ])('travels %s', (_name, url, options) => {
    expect(headersFor(url, options)).toEqual({ fields: signed, asked: 1 });
  });

  it.each<[string, string, ExchangeOptions]>([
    ['`origins` does not name', `${EVIL}/a`, { origins: [HOME] }],
    ['an empty `origins` does not name', `${HOME}/a`, { origins: [] }],
    ['a function refuses', `${HOME}/b`, { origins: (url) => url.pathname === '/a' }],
    ['is not that of the base URL', `${EVIL}/a`, { home: HOME }],
    ['is the base URL, but not among `origins`', `${HOME}/a`, { home: HOME, origins: ['https://other.example'] }],
    ['differs in its port', 'https://api.example:8443/a', { origins: [HOME] }],
    ['differs in its scheme', 'http://api.example/a', { origins: [HOME] }],
    ['is a subdomain', 'https://evil.api.example/a', { origins: [HOME] }],
  ])('stays at home where the origin %s, and nobody is asked for it', (_name, url, options) => {
    expect(headersFor(url, options)).toEqual({ fields: {}, asked: 0 });
  });

  it('that nobody has bound goes nowhere: the call fails with the line that binds it, and nobody is asked', () => {
    const auth = new HandAuth();
    const unbound = new Exchange(wire('fetchAuth', auth, {}));
    expect(() => unbound.prepare(request())).toThrow(ConfigurationError);
    expect(() => unbound.prepare(request())).toThrow(`fetchAuth(auth, { origins: ['${HOME}'] })`);
    expect(auth.contexts).toEqual([]);
  });

  it('needs no binding where there is none', () => {
    expect(new Exchange(wire('fetchAuth', new AuthNone(), {})).prepare(request())).toBeUndefined();
  });

  it.each<[string, ExchangeOptions, string, boolean]>([
    ['that a list names', { origins: ['http://intra.example', HOME] }, 'http://intra.example', true],
    ['of the base URL', { home: 'http://intra.example' }, 'http://intra.example', true],
    ['under *', { origins: '*' }, 'http://intra.example', false],
    ['under a function', { origins: () => true }, 'http://intra.example', false],
    ...['http://localhost:80', 'http://a.localhost', 'http://127.0.0.53:8080', 'http://[::1]'].map(
      (origin) => [`${origin} under *`, { origins: '*' }, origin, true] as [string, ExchangeOptions, string, boolean],
    ),
    ...['http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://10.0.0.1', 'http://[::2]'].map(
      (origin) => [`${origin} under *`, { origins: '*' }, origin, false] as [string, ExchangeOptions, string, boolean],
    ),
  ])('travels over plain http %s', (_name, options, origin, travels) => {
    expect(headersFor(`${origin}/a`, options).fields).toEqual(travels ? signed : {});
  });

  it.each<[string, ExchangeOptions, boolean]>([
    ['under *', { origins: '*' }, false],
    ['under a function', { origins: () => true }, false],
    ['that is named', { origins: [HOME, 'http://localhost:3000'] }, true],
    [
      'that a union of rules names',
      { origins: unionOfOrigins([[HOME, 'http://localhost:3000'], () => false]) as '*' },
      true,
    ],
    ['that a union of rules does not name', { origins: unionOfOrigins([[HOME], '*']) as '*' }, false],
  ])('after a hop over https, plain http %s: %s', (_name, options, travels) => {
    const one = exchange(new HandAuth(), options);
    one.prepare(request());
    const hop = request({ url: 'http://localhost:3000/hop' });
    one.prepareHop(hop);
    expect(hop.headers.fields).toEqual(travels ? signed : {});
    const home = request();
    one.prepareHop(home);
    expect(home.headers.fields).toEqual(travels ? signed : {});
  });

  it("is bound by the adapter's option before the authenticator's own", () => {
    const auth = new HandAuth('one', { origins: [EVIL] });
    const attempt = request();
    exchange(auth, { origins: [HOME] }).prepare(attempt);
    expect(attempt.headers.fields).toEqual(signed);
  });

  it("is bound by the authenticator's own origins where the adapter has none", () => {
    const auth = new HandAuth('one', { origins: [EVIL] });
    const attempt = request();
    exchange(auth).prepare(attempt);
    expect(attempt.headers.fields).toEqual({});
  });
});

describe('an authenticator that learns where it may go', () => {
  class LearningAuth extends HandAuth {
    readonly known = new Set<string>();
    learned = 0;
    failure: Error | undefined;

    constructor() {
      super('one', { origins: (url) => this.known.has(url.origin) });
    }

    override learnOrigins(): void | Promise<void> {
      if (this.known.size > 0) return undefined;
      this.learned += 1;
      if (this.failure !== undefined) return Promise.reject(this.failure);
      return Promise.resolve().then(() => {
        this.known.add(HOME);
      });
    }
  }

  it('signs the first request already, and learns once', async () => {
    const auth = new LearningAuth();
    for (let call = 0; call < 2; call += 1) {
      const [one, attempt] = [exchange(auth), request()];
      await one.prepare(attempt);
      expect([attempt.headers.fields, one.signed]).toEqual([signed, true]);
    }
    expect(auth.learned).toBe(1);
  });

  it('sends nothing to where it may still not go', async () => {
    const auth = new LearningAuth();
    const attempt = request({ url: `${EVIL}/a` });
    await exchange(auth).prepare(attempt);
    expect([attempt.headers.fields, auth.learned, auth.contexts.length]).toEqual([{}, 1, 0]);
  });

  it("is not asked where the adapter's own origins decide", () => {
    const auth = new LearningAuth();
    expect(exchange(auth, { origins: [EVIL] }).prepare(request())).toBeUndefined();
    expect(auth.learned).toBe(0);
  });

  it('fails the call that it could not learn for, and no later one', async () => {
    const auth = new LearningAuth();
    auth.failure = new Error('no way');
    await expect(exchange(auth).prepare(request())).rejects.toThrow(/HandAuth could not provide a credential: no way/);
    auth.failure = undefined;
    const attempt = request();
    await exchange(auth).prepare(attempt);
    expect(attempt.headers.fields).toEqual(signed);
  });

  it('keeps nobody waiting who has given up', async () => {
    const auth = new LearningAuth();
    auth.learnOrigins = () => new Promise<void>(() => undefined);
    const gone = new AbortController();
    const prepared = exchange(auth, { signal: gone.signal }).prepare(request());
    gone.abort(new Error('gone'));
    await expect(prepared).rejects.toThrow('gone');
    await expect(exchange(auth, { deadlineMs: 1 }).prepare(request())).rejects.toThrow(/deadlineMs/);
  });
});

describe('an answer', () => {
  const reviewed = (url: string | undefined, status: number, options: ExchangeOptions = {}) => {
    const auth = new HandAuth(['one', 'two']);
    const one = exchange(auth, options);
    const attempt = request();
    one.prepare(attempt);
    return { resend: one.review(response(status, attempt, { url })), auth };
  };

  it.each([`${EVIL}/a`, 'http://api.example/a', 'https://api.example:444/'])('from %s renews nothing', (url) => {
    const { resend, auth } = reviewed(url, 401);
    expect([resend, auth.renewals]).toEqual([false, 0]);
  });

  it('from elsewhere does not say that the credential was accepted', () => {
    expect(reviewed(`${EVIL}/a`, 200).auth.accepted).toEqual([]);
  });

  it.each([undefined, '', `${HOME}/elsewhere`])('from %s is about the credential', (url) => {
    const { resend, auth } = reviewed(url, 401);
    expect([resend, auth.renewals]).toEqual([true, 1]);
  });

  it.each<[ExchangeOptions, boolean]>([
    [{ origins: [HOME, EVIL] }, true],
    [{ origins: '*' }, true],
    [{ origins: (url) => url.pathname !== '/a' }, false],
    [{ home: HOME }, false],
  ])('from another origin is about it only where it may go there (%#)', (options, about) => {
    expect(reviewed(`${EVIL}/a`, 401, options).resend).toBe(about);
  });

  it('to a request that went elsewhere unsigned renews nothing', () => {
    const auth = new HandAuth();
    const one = exchange(auth, { origins: [HOME] });
    const attempt = request({ url: `${EVIL}/a` });
    one.prepare(attempt);
    expect(one.review(response(401, attempt))).toBe(false);
    expect(auth.contexts).toHaveLength(0);
  });
});

describe('the next hop of a redirect', () => {
  function hops(urls: readonly string[], options: ExchangeOptions = {}) {
    const auth = new HandAuth();
    const one = exchange(auth, options);
    one.prepare(request());
    const fields = urls.map((url) => {
      const hop = request({ url });
      one.prepareHop(hop);
      return hop.headers.get('authorization') !== null;
    });
    return { fields, asked: auth.contexts.length, one };
  }

  it('at home is signed with the credential of the first', () => {
    expect(hops([`${HOME}/b`, `${HOME}/c`])).toMatchObject({ fields: [true, true], asked: 1 });
  });

  it('elsewhere is not, and no later one is, not even back at home', () => {
    const { fields, one } = hops([`${HOME}/b`, `${EVIL}/c`, `${HOME}/d`, `${HOME}/e`]);
    expect(fields).toEqual([true, false, false, false]);
    expect(one.signed).toBe(false);
  });

  it.each<[ExchangeOptions, boolean[]]>([
    [{ origins: '*' }, [true, true]],
    [{ origins: [HOME, EVIL] }, [true, true]],
    [{ origins: [HOME] }, [false, false]],
    [{ home: HOME }, [false, false]],
  ])('goes as far as the credential may (%#)', (options, expected) => {
    expect(hops([`${EVIL}/b`, `${HOME}/c`], options).fields).toEqual(expected);
  });

  it('is not signed where the first request was not', () => {
    const auth = new HandAuth();
    const one = exchange(auth, { origins: [HOME] });
    one.prepare(request({ url: `${EVIL}/a` }));
    const home = request();
    one.prepareHop(home);
    expect([home.headers.fields, auth.contexts.length]).toEqual([{}, 0]);
  });

  it('that is refused elsewhere renews nothing; at home it does', () => {
    const auth = new HandAuth(['one', 'two']);
    const one = exchange(auth);
    one.prepare(request());
    const hop = request({ url: `${HOME}/b` });
    one.prepareHop(hop);
    expect(one.review(response(401, hop))).toBe(true);
    expect(auth.renewals).toBe(1);
  });

  it('starts afresh with a resend of the whole call', () => {
    const auth = new HandAuth(['one', 'two']);
    const one = exchange(auth, { origins: [HOME] });
    const attempt = request();
    one.prepare(attempt);
    one.review(response(401, attempt));
    one.prepareHop(request({ url: `${EVIL}/b` }));
    const again = request();
    one.prepare(again);
    expect(again.headers.get('authorization')).toBe('two');
  });
});
