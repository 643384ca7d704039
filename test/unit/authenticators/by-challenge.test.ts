import { describe, expect, it, vi } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import {
  AuthByChallenge,
  type AuthByChallengeOptions,
  type ChallengeSchemes,
} from '../../../src/authenticators/by-challenge.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { Authenticator, type AuthRequest, type AuthResponse, type Verdict } from '../../../src/lifecycle/contract.ts';

const URL_A = 'https://a.example/x';

/** Nonces from challenges, as Digest has them: a hand-written scheme that signs again for a stale one. */
class AuthNonce extends Authenticator<string> {
  nonce = '';
  override authenticate() {
    return 'of-ada';
  }
  override modifyRequest(request: AuthRequest, key: string) {
    request.headers.set('authorization', `Nonce ${key}:${this.nonce}`);
  }
  override checkResult(response: AuthResponse): Verdict {
    const nonce = /Nonce nonce="(\w+)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1];
    if (response.status !== 401 || nonce === undefined) return response.status !== 401;
    const isNew = nonce !== this.nonce;
    this.nonce = nonce;
    return isNew ? 'again' : false;
  }
}

const basic = () => new AuthBasic({ username: 'ada', password: 'p' });
const BASIC = `Basic ${btoa('ada:p')}`;

/** A server that accepts some credentials and else says what it wants. */
function server(wants: {
  challenge: string | string[] | undefined;
  accepts: (authorization: string | null) => boolean;
}) {
  const sent: (string | null)[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const authorization = new Request(input, init).headers.get('authorization');
    sent.push(authorization);
    if (wants.accepts(authorization)) return new Response('ok');
    const headers = new Headers();
    for (const challenge of [wants.challenge ?? []].flat()) headers.append('www-authenticate', challenge);
    return new Response('no', { status: 401, headers });
  };
  return { sent, fetch, wants };
}

function setUp(
  schemes: ChallengeSchemes,
  challenge: string | string[] | undefined,
  accepts: (authorization: string | null) => boolean,
  options: AuthByChallengeOptions = {},
) {
  const { sent, fetch, wants } = server({ challenge, accepts });
  const auth = new AuthByChallenge(schemes, options);
  const send = fetchAuth(auth, { fetch, ...(options.origins === undefined && { origins: '*' }) });
  return { sent, wants, auth, status: async (url = URL_A) => (await send(url)).status };
}

describe('AuthByChallenge', () => {
  it('asks first, then signs at once', async () => {
    const { sent, status } = setUp({ basic: basic() }, 'Basic realm="x"', (given) => given === BASIC);
    expect([await status(), await status()]).toEqual([200, 200]);
    expect(sent).toEqual([null, BASIC, BASIC]);
  });

  it('signs nothing where nothing is asked for', async () => {
    const { sent, status } = setUp({ basic: basic() }, undefined, () => true);
    expect([await status(), await status()]).toEqual([200, 200]);
    expect(sent).toEqual([null, null]);
  });

  it.each<[string, string | string[], string]>([
    ['in one field', 'Basic realm="a", Bearer realm="b"', 'Bearer t'],
    ['in many', ['Basic realm="a"', 'Bearer realm="b"'], 'Bearer t'],
    ['in the other order and case', ['BEARER', 'basic realm="a"'], 'Bearer t'],
    ['among unknown ones', 'Negotiate, Mutual realm="x", Basic realm="a"', BASIC],
    ['with a scheme of its own', 'ApiKey realm="a", Basic realm="a"', 'key'],
  ])('answers the strongest challenge that is configured: %s', async (_name, challenge, expected) => {
    const schemes = { Basic: basic(), bearer: new AuthBearer(() => 't'), apikey: new AuthApiKey({ key: 'key' }) };
    const { sent, status } = setUp(schemes, challenge, (given) => given === expected);
    expect(await status()).toBe(200);
    expect(sent).toEqual([null, expected]);
  });

  it.each([undefined, '', 'Negotiate', 'Digest realm="x", nonce="y"', '=,;'])(
    'hands the 401 on that asks for nothing that is configured: %j',
    async (challenge) => {
      const { sent, status } = setUp({ basic: basic() }, challenge, () => false);
      expect(await status()).toBe(401);
      expect(sent).toEqual([null]);
    },
  );

  it('lets whoever signs renew what is refused', async () => {
    let tokens = 0;
    let good = 't1';
    const bearer = new AuthBearer(() => `t${++tokens}`);
    const { sent, status } = setUp(
      { bearer, basic: basic() },
      'Bearer, Basic realm="x"',
      (given) => given === `Bearer ${good}`,
    );
    await status();
    good = 't2';
    expect(await status()).toBe(200);
    expect(sent).toEqual([null, 'Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it('renews a first token too that was kept and has been revoked meanwhile', async () => {
    const bearer = new AuthBearer(() => 'new', { token: 'kept' });
    const { sent, status } = setUp({ bearer }, 'Bearer', (given) => given === 'Bearer new');
    expect(await status()).toBe(200);
    expect(sent).toEqual([null, 'Bearer kept', 'Bearer new']);
  });

  it('renews where a refusal has no challenge', async () => {
    let tokens = 0;
    const bearer = new AuthBearer(() => `t${++tokens}`);
    const { sent, status, wants } = setUp({ bearer }, 'Bearer', (given) => given !== null);
    await status();
    Object.assign(wants, { challenge: undefined, accepts: (given: string) => given === 'Bearer t2' });
    expect(await status()).toBe(200);
    expect(sent.slice(2)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('shows the challenge to the one that is chosen for it, and lets it sign again', async () => {
    const { sent, status, wants } = setUp(
      { nonce: new AuthNonce(), basic: basic() },
      'Nonce nonce="n1"',
      (given) => given === 'Nonce of-ada:n1',
    );
    expect(await status()).toBe(200);
    Object.assign(wants, { challenge: 'Nonce nonce="n2"', accepts: (given: string) => given === 'Nonce of-ada:n2' });
    expect(await status()).toBe(200);
    expect(sent).toEqual([null, 'Nonce of-ada:n1', 'Nonce of-ada:n1', 'Nonce of-ada:n2']);
  });

  it('lets a first signature be repeated as well', async () => {
    const { sent, status, wants } = setUp({ nonce: new AuthNonce() }, 'Nonce nonce="n1"', (given) => {
      if (given === 'Nonce of-ada:n1') wants.challenge = 'Nonce nonce="n2"';
      return given === 'Nonce of-ada:n2';
    });
    expect(await status()).toBe(200);
    expect(sent).toEqual([null, 'Nonce of-ada:n1', 'Nonce of-ada:n2']);
  });

  it('sends three times at most', async () => {
    const bearer = new AuthBearer(() => 'new', { token: 'kept' });
    const { sent, status } = setUp({ bearer }, 'Bearer', () => false);
    expect(await status()).toBe(401);
    expect(sent).toEqual([null, 'Bearer kept', 'Bearer new']);
  });

  describe('where a server changes its mind', () => {
    const schemes = () => ({ bearer: new AuthBearer(() => 't'), basic: basic() });

    it('follows it to a stronger scheme', async () => {
      const { sent, status, wants } = setUp(schemes(), 'Basic realm="x"', (given) => given === BASIC);
      await status();
      Object.assign(wants, { challenge: 'Basic realm="x", Bearer', accepts: (given: string) => given === 'Bearer t' });
      expect([await status(), await status()]).toEqual([200, 200]);
      expect(sent).toEqual([null, BASIC, BASIC, 'Bearer t', 'Bearer t']);
    });

    it('lets all calls follow that are on their way', async () => {
      const { sent, status, wants } = setUp(schemes(), 'Basic realm="x"', (given) => given === BASIC);
      await status();
      Object.assign(wants, { challenge: 'Basic realm="x", Bearer', accepts: (given: string) => given === 'Bearer t' });
      expect(await Promise.all([status(), status(), status()])).toEqual([200, 200, 200]);
      expect(sent.slice(2)).toEqual([BASIC, BASIC, BASIC, 'Bearer t', 'Bearer t', 'Bearer t']);
    });

    it('does not follow it to a weaker one, and says so', async () => {
      const debug = vi.fn();
      const { sent, status, wants } = setUp(schemes(), 'Bearer', (given) => given === 'Bearer t', {
        debug: true,
        logger: { debug },
      });
      await status();
      Object.assign(wants, { challenge: 'Basic realm="x"', accepts: (given: string) => given === BASIC });
      expect([await status(), await status()]).toEqual([401, 401]);
      expect(sent).toEqual([null, 'Bearer t', 'Bearer t', 'Bearer t']);
      expect(debug).toHaveBeenCalledWith(
        { origin: 'https://a.example', former: 'bearer', offered: 'basic' },
        'only weaker schemes offered',
      );
    });

    it('follows it to a weaker one where it is told to', async () => {
      const { sent, status, wants } = setUp(schemes(), 'Bearer', (given) => given === 'Bearer t', {
        allowWeaker: true,
      });
      await status();
      Object.assign(wants, { challenge: 'Basic realm="x"', accepts: (given: string) => given === BASIC });
      expect([await status(), await status()]).toEqual([200, 200]);
      expect(sent).toEqual([null, 'Bearer t', 'Bearer t', BASIC, BASIC]);
    });

    it('leaves a wrong password wrong where it offers the same as before', async () => {
      const { sent, status } = setUp(schemes(), 'Bearer, Basic realm="x"', (given) => given === BASIC);
      expect(await status()).toBe(401);
      expect(sent).not.toContain(BASIC);
    });
  });

  it('keeps origins apart', async () => {
    const { sent, status } = setUp({ basic: basic() }, 'Basic realm="x"', (given) => given === BASIC);
    await status();
    await status('https://b.example/');
    expect(sent).toEqual([null, BASIC, null, BASIC]);
  });

  it('forgets the origin that it has not been to for longest, of a thousand', async () => {
    const { sent, status } = setUp({ basic: basic() }, 'Basic realm="x"', (given) => given === BASIC);
    for (let n = 0; n <= 1000; n += 1) await status(`https://h${n}.example/`);
    sent.length = 0;
    await status('https://h1000.example/');
    await status('https://h0.example/');
    expect(sent).toEqual([BASIC, null, BASIC]);
  });

  it('chooses none whose own origins forbid it', async () => {
    const elsewhere = new AuthBearer(() => 't', { origins: ['https://b.example'] });
    const { sent, status } = setUp(
      { bearer: elsewhere, basic: basic() },
      'Bearer, Basic realm="x"',
      (given) => given === BASIC,
    );
    expect(await status()).toBe(200);
    expect(sent).toEqual([null, BASIC]);
  });

  it('gives the error of whoever is chosen', async () => {
    const failing = new AuthBasic({ username: 'ada', password: () => Promise.reject(new Error('vault is shut')) });
    const { status } = setUp({ basic: failing }, 'Basic realm="x"', () => false);
    await expect(status()).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
  });

  it('explains what a hand-written one throws', async () => {
    class AuthBroken extends Authenticator<string> {
      override authenticate(): string {
        throw new TypeError('broken');
      }
      override modifyRequest() {}
    }
    const { status } = setUp({ basic: new AuthBroken() }, 'Basic realm="x"', () => false);
    await expect(status()).rejects.toMatchObject({
      code: 'ERR_AUTH_CREDENTIAL',
      message: expect.stringMatching(/AuthByChallenge/),
    });
  });

  it('waits for a token that has to be asked for, once for everybody', async () => {
    const ask = vi.fn(async () => 't');
    const { sent, status } = setUp({ bearer: new AuthBearer(ask) }, 'Bearer', (given) => given === 'Bearer t');
    expect(await Promise.all(Array.from({ length: 20 }, () => status()))).toEqual(Array(20).fill(200));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(sent).toHaveLength(40);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no scheme', {}],
    ['a list', [basic()]],
    ['what is no authenticator', { basic: 's3cret' }],
    ['what is no name of a scheme', { 'two words': basic() }],
    ['two authenticators for one scheme', { basic: basic(), Basic: basic() }],
  ])('refuses %s', (_name, schemes) => {
    const make = () => new AuthByChallenge(schemes as ChallengeSchemes);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/one authenticator for each scheme/);
  });
});
