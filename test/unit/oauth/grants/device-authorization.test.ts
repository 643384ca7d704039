import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DevicePrompt } from '../../../../src/oauth/device-code.ts';
import { deviceAuthorization } from '../../../../src/oauth/grants/device-authorization.ts';
import type { Answer } from '../../../helpers/endpoint.ts';
import { type HandIssuer, startHandIssuer } from '../../../helpers/hand-issuer.ts';
import { HandClock } from '../../tokens/by-hand.ts';

const signal = new AbortController().signal;
let as: HandIssuer;
let clock: HandClock;
let waits: number[];
let shown: (DevicePrompt & { signal: AbortSignal })[];
beforeAll(async () => {
  as = await startHandIssuer();
});
afterAll(() => as[Symbol.asyncDispose]());
beforeEach(() => {
  as.received.length = 0;
  [clock, waits, shown] = [new HandClock(), [], []];
  device({});
  token(issued);
});

const issued: Answer = { json: { access_token: 't', refresh_token: 'r' } };
const error = (name: string, status = 400): Answer => ({ status, json: { error: name } });
const pending = error('authorization_pending');
const codes = { device_code: 'device-code-1', user_code: 'WDJB-MJHT', verification_uri: 'https://as.example/device' };
const device = (more: object) => as.answers.set('/device', [{ json: { ...codes, expires_in: 600, ...more } }]);
const token = (...answers: Answer[]) => as.answers.set('/token', answers);

const source = (more: object = {}) =>
  deviceAuthorization({
    issuer: as.issuer,
    clientId: 'id',
    show: (prompt: DevicePrompt & { signal: AbortSignal }) => void shown.push(prompt),
    now: clock.now,
    wait: async (ms: number) => {
      waits.push(ms / 1000);
      clock.pass(ms);
    },
    ...more,
  } as never);

describe('what is shown', () => {
  it('is the code, where to enter it, and how long it lives', async () => {
    device({ verification_uri_complete: 'https://as.example/device?user_code=WDJB-MJHT' });
    await source({ scope: 'a b' }).requestToken({ signal });
    expect(shown).toMatchObject([
      {
        userCode: 'WDJB-MJHT',
        verificationUri: 'https://as.example/device',
        verificationUriComplete: 'https://as.example/device?user_code=WDJB-MJHT',
        expiresAt: Date.UTC(2026, 0, 1) + 600_000,
      },
    ]);
    expect(as.to('/device')[0]?.form).toEqual({ client_id: 'id', scope: 'a b' });
  });

  it('ends with the login', async () => {
    token(pending, error('access_denied'));
    await expect(source().requestToken({ signal })).rejects.toThrow();
    expect(shown[0]?.signal.aborted).toBe(true);
  });

  it('holds no control characters', async () => {
    device({ user_code: 'A\u001b[2J\u202eB' });
    await source().requestToken({ signal });
    expect(shown[0]?.userCode).toBe('A\\u{1b}[2J\\u{202e}B');
  });

  it.each(['javascript:alert(1)', 'http://as.example/device', 'device', 'https://u:p@as.example/', 7, undefined])(
    'is never the address %j',
    async (address) => {
      device({ verification_uri: address });
      await expect(source().requestToken({ signal })).rejects.toMatchObject({ kind: 'malformed' });
      device({ verification_uri_complete: address });
      await source().requestToken({ signal });
      expect(shown).toHaveLength(1);
      expect(shown[0]).not.toHaveProperty('verificationUriComplete');
    },
  );

  it('is an address in ASCII', async () => {
    device({ verification_uri: 'https://аs.example/ü\u202e' });
    await source().requestToken({ signal });
    expect(shown[0]?.verificationUri).toBe('https://xn--s-7sb.example/%C3%BC%E2%80%AE');
  });

  it.each([{ device_code: '' }, { user_code: undefined }, { device_code: 7 }])('needs codes: %j', async (more) => {
    device(more);
    await expect(source().requestToken({ signal })).rejects.toMatchObject({ kind: 'malformed' });
    expect(shown).toEqual([]);
  });
});

describe('polling (RFC 8628 §3.5)', () => {
  it.each<[string, object, Answer[], number[]]>([
    ['waits 5 s by default', {}, [pending, pending, issued], [5, 5, 5]],
    ['waits as long as the server says', { interval: 2 }, [pending, issued], [2, 2]],
    ['understands an interval as text', { interval: '7' }, [issued], [7]],
    ['never asks without a pause', { interval: 0 }, [pending, issued], [5, 5]],
    ['takes no nonsense', { interval: -1 }, [issued], [5]],
    ['slows down for good', { interval: 1 }, [error('slow_down'), pending, error('slow_down'), issued], [1, 6, 6, 11]],
    ['backs off after silence', { interval: 1 }, [{ status: 503 }, { status: 429 }, issued], [1, 2, 4]],
    [
      'waits for the time that the server names',
      {},
      [{ status: 503, headers: { 'retry-after': '60' } }, issued],
      [5, 60],
    ],
  ])('%s', async (_name, more, answers, expected) => {
    device(more);
    token(...answers);
    expect(await source().requestToken({ signal })).toMatchObject({ accessToken: 't' });
    expect(waits).toEqual(expected);
  });

  it('backs off when nobody answers', async () => {
    let asked = 0;
    const broken: typeof fetch = async (input, init) => {
      if (String(input).endsWith('/token') && asked++ < 2) throw new TypeError('cut');
      return fetch(input, init);
    };
    await source({ fetch: broken }).requestToken({ signal });
    expect(waits).toEqual([5, 10, 20]);
  });

  it.each(['expired_token', 'access_denied', 'invalid_grant', 'invalid_client'])('stops at %s', async (name) => {
    token(pending, error(name), issued);
    await expect(source().requestToken({ signal })).rejects.toMatchObject({ error: name });
    expect(as.to('/token')).toHaveLength(2);
  });

  it('stops at rubbish', async () => {
    token({ body: '<html>' });
    await expect(source().requestToken({ signal })).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('stops when the code has had its time', async () => {
    device({ expires_in: 17 });
    token(pending);
    await expect(source().requestToken({ signal })).rejects.toMatchObject({ error: 'expired_token' });
    expect(waits).toEqual([5, 5, 5]);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const show = () => controller.abort(new Error('enough'));
    await expect(source({ show, wait: undefined }).requestToken({ signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(as.to('/token')).toEqual([]);
  });

  it('sends the device code and the client, and keeps what was asked for as scope', async () => {
    expect(await source({ scope: 'a' }).requestToken({ signal })).toMatchObject({ scope: ['a'] });
    expect(as.to('/token')[0]?.form).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'device-code-1',
      client_id: 'id',
    });
  });
});

describe('a device login', () => {
  const previous = { accessToken: 't', tokenType: 'Bearer', refreshToken: 'r' };

  it('is spared by a refresh token', async () => {
    await source().requestToken({ signal, previous });
    expect(shown).toEqual([]);
    expect(as.to('/token')[0]?.form).toMatchObject({ grant_type: 'refresh_token' });
  });

  it('is asked for by name where nobody can be shown anything', async () => {
    await expect(source({ show: undefined }).requestToken({ signal })).rejects.toMatchObject({
      code: 'ERR_AUTH_LOGIN_REQUIRED',
    });
    expect(as.received).toEqual([]);
  });

  it.each([
    [{ show: 'console' }, 'show'],
    [{ issuer: undefined, tokenEndpoint: 'https://a/t' }, 'deviceAuthorizationEndpoint'],
    [{ authorizationParameters: { client_id: 'x' } }, 'authorizationParameters'],
  ])('refuses %j before any I/O', (options, option) => {
    expect(() => source(options)).toThrow(expect.objectContaining({ option }));
  });
});
