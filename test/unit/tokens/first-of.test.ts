import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ConfigurationError,
  CredentialError,
  LoginRequiredError,
  TokenEndpointError,
} from '../../../src/errors.ts';
import { classify } from '../../../src/tokens/back-off.ts';
import { firstOf } from '../../../src/tokens/first-of.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { TokenRequest, TokenSource } from '../../../src/tokens/token.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import { token } from './by-hand.ts';

const signal = new AbortController().signal;

/** Gives a token, or fails; remembers how it was asked. */
function link(outcome: string | Error, more: Partial<TokenSource> = {}) {
  const asked: TokenRequest[] = [];
  const source: TokenSource = {
    ...more,
    async requestToken(request) {
      asked.push(request);
      if (typeof outcome === 'string') return token(outcome, { refreshToken: `refresh of ${outcome}` });
      throw outcome;
    },
  };
  return { source, asked };
}

const unavailable: [string, Error][] = [
  ['a setting is missing', new ConfigurationError('no clientId')],
  ['somebody has to log in', new LoginRequiredError('log in')],
  ['a secret could not be had', new CredentialError('no secret')],
  ['a chain in the chain is unavailable', new CredentialError('none', { cause: new LoginRequiredError('log in') })],
  ['a secret could not be read', new CredentialError('no secret', { cause: new Error('ENOENT') })],
];
const refused = new TokenEndpointError('as gave no token: invalid_client', {
  kind: 'oauth-error',
  error: 'invalid_client',
});
const failed: [string, Error][] = [
  ['a server refused', refused],
  ['the network broke', new TokenEndpointError('not reached', { kind: 'network' })],
  ['an answer could not be trusted', new AuthenticationError('state')],
  ['a chain in the chain has failed', new CredentialError('none', { cause: refused })],
  ['something unknown happened', new TypeError('cut')],
];

describe('a chain', () => {
  it.each(unavailable)('goes on where a link is unavailable: %s', async (_name, error) => {
    const next = link('b');
    const source = firstOf(link(error).source, next.source);
    expect(await source.requestToken({ signal })).toMatchObject({ accessToken: 'b' });
  });

  it.each(failed)('stops where a link has failed: %s', async (_name, error) => {
    const next = link('b');
    await expect(firstOf(link(error).source, next.source).requestToken({ signal })).rejects.toBe(error);
    expect(next.asked).toEqual([]);
  });

  it.each(failed)('goes on where a link has failed, if told to: %s', async (_name, error) => {
    const source = firstOf([link(error).source, link('b').source], { onFailure: 'next' });
    expect(await source.requestToken({ signal })).toMatchObject({ accessToken: 'b' });
  });

  it('asks nobody after the first token', async () => {
    const second = link('b');
    await firstOf(link('a').source, second.source).requestToken({ signal });
    expect(second.asked).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const first: TokenSource = {
      async requestToken() {
        controller.abort(new Error('deadline'));
        throw new LoginRequiredError('log in');
      },
    };
    const second = link('b');
    await expect(firstOf(first, second.source).requestToken({ signal: controller.signal })).rejects.toThrow('deadline');
    expect(second.asked).toEqual([]);
  });
});

describe('the failure of a chain', () => {
  it('says why of each link', async () => {
    const links = [new ConfigurationError('no clientId'), new CredentialError('no secret'), refused];
    const error = await firstOf(links.map((one) => link(one).source))
      .requestToken({ signal })
      .catch((reason: Error) => reason);
    expect(error).toMatchObject({
      message:
        'No link of the chain gave a token. 1. unavailable: no clientId 2. unavailable: no secret ' +
        '3. failed: as gave no token: invalid_client',
      cause: refused,
    });
    expect(classify(error)).toEqual({ terminal: true });
  });

  it('asks for a login where one would help', async () => {
    const source = firstOf(link(new LoginRequiredError('log in')).source, link(new CredentialError('none')).source);
    await expect(source.requestToken({ signal })).rejects.toThrow(LoginRequiredError);
  });

  it('does not repeat what others wrote', async () => {
    const links = [link(new TypeError('Bearer s3cret')).source, link(new TypeError('s3cret')).source];
    const asking = firstOf(links, { onFailure: 'next' }).requestToken({ signal });
    await expect(asking).rejects.not.toThrow(/s3cret/);
  });
});

describe('the last token', () => {
  it('is shown to the link that made it, to no other', async () => {
    const [first, second] = [link(new LoginRequiredError('log in')), link('b')];
    const source = firstOf(first.source, second.source);
    const previous = await source.requestToken({ signal });
    await source.requestToken({ signal, previous });
    expect(first.asked.map((request) => request.previous)).toEqual([undefined, undefined]);
    expect(second.asked.map((request) => request.previous?.refreshToken)).toEqual([undefined, 'refresh of b']);
  });

  it('leaves no refresh token to another link, although the cache keeps it', async () => {
    const asked: TokenRequest[] = [];
    let available = true;
    const first: TokenSource = {
      async requestToken() {
        if (available) return token('a', { refreshToken: 'refresh of a', idToken: 'id of a' });
        throw new LoginRequiredError('log in');
      },
    };
    const second: TokenSource = {
      async requestToken(request) {
        asked.push(request);
        return token(`b${asked.length}`);
      },
    };
    const cache = new TokenCache(firstOf(first, second));
    let last = await cache.get();
    available = false;
    for (let round = 0; round < 3; round += 1) {
      last = await cache.renew(last);
      cache.accepted(last);
    }
    expect(asked).toHaveLength(3);
    expect(JSON.stringify(asked)).not.toContain('of a');
    expect(asked[2]?.previous?.accessToken).toBe('b2');
  });

  it('that came from elsewhere is shown to nobody', async () => {
    const only = link('a');
    await firstOf(only.source).requestToken({ signal, previous: token('foreign', { refreshToken: 'r' }) });
    expect(only.asked[0]).not.toHaveProperty('previous');
  });

  it('is still known after a restart', async () => {
    const store = new MemoryTokenStore();
    const make = () => {
      const [first, second] = [
        link(new LoginRequiredError('log in'), { storeKey: 'one' }),
        link('b', { storeKey: 'two' }),
      ];
      return { first, second, cache: new TokenCache(firstOf(first.source, second.source), { store }) };
    };
    await make().cache.get();
    const { first, second, cache } = make();
    await cache.renew(await cache.get());
    expect(first.asked[0]).not.toHaveProperty('previous');
    expect(second.asked[0]?.previous?.refreshToken).toBe('refresh of b');
  });
});

describe('what a chain says of itself', () => {
  it('is whose tokens it makes, if every link knows', () => {
    const [one, two] = [link('a', { storeKey: '1' }).source, link('b', { storeKey: '2' }).source];
    expect(firstOf(one, two).identity?.parameters).not.toBe(firstOf(two, one).identity?.parameters);
    expect(firstOf(one, link('c').source)).not.toHaveProperty('identity');
  });

  it('is the key that all its tokens are bound to', () => {
    const proof = { thumbprint: async () => '', prove: async () => undefined, isOutdated: () => false };
    const [one, two] = [link('a', { proof }).source, link('b', { proof }).source];
    expect(firstOf(one, two).proof).toBe(proof);
    expect(firstOf(link('a').source)).not.toHaveProperty('proof');
    for (const odd of [link('c').source, link('c', { proof: { ...proof } }).source]) {
      expect(() => firstOf(one, odd)).toThrow(expect.objectContaining({ option: 'dpop' }));
      expect(() => firstOf(odd, one)).toThrow(ConfigurationError);
    }
  });

  it('is how long all of them may take together', () => {
    expect(firstOf(link('a').source, link('b', { deadlineMs: 1000 }).source).deadlineMs).toBe(31_000);
  });
});

it.each([[[]], [[{}]], [[undefined]]])('a chain of %j is none', (links) => {
  expect(() => firstOf(links as never)).toThrow(ConfigurationError);
  expect(() => firstOf([link('a').source], { onFailure: 'maybe' as never })).toThrow(/'onFailure'/);
});
