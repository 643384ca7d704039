import { describe, expect, it, vi } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthByChallenge } from '../../../src/authenticators/by-challenge.ts';
import { AuthByOrigin, type OriginRoutes } from '../../../src/authenticators/by-origin.ts';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { type AuthContext, Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';

const A = 'https://a.example';
const B = 'https://b.example';
const apiKey = (key: string, origins?: string[]) =>
  new AuthApiKey({ header: 'x-api-key', key, ...(origins !== undefined && { origins }) });

/** A network of one function; what it saw stands in `sent`. */
function network(answer: (request: Request) => Response | undefined = () => undefined) {
  const sent: { url: string; authorization: string | null; key: string | null }[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { url, headers } = request;
    sent.push({ url, authorization: headers.get('authorization'), key: headers.get('x-api-key') });
    return answer(request) ?? new Response('ok');
  };
  return { sent, fetch };
}

const redirectTo = (location: string) => new Response(null, { status: 302, headers: { location } });

describe('AuthByOrigin', () => {
  it('gives each origin its own credential, and others nothing', async () => {
    const { sent, fetch } = network();
    const auth = new AuthByOrigin({
      [A]: new AuthBasic({ username: 'ada', password: 'p' }),
      [`${B}/any/path`]: apiKey('key-b'),
    });
    const send = fetchAuth(auth, { fetch });
    for (const url of [`${A}/1`, `${B}/2`, 'https://c.example/3', 'http://a.example/4']) await send(url);
    expect(sent).toEqual([
      { url: `${A}/1`, authorization: `Basic ${btoa('ada:p')}`, key: null },
      { url: `${B}/2`, authorization: null, key: 'key-b' },
      { url: 'https://c.example/3', authorization: null, key: null },
      { url: 'http://a.example/4', authorization: null, key: null },
    ]);
  });

  it('takes lists of origins and functions, and the first that matches wins', async () => {
    const { sent, fetch } = network();
    const isTenant = (url: URL) => url.hostname.endsWith('.example');
    const routes = new Map<string | string[] | typeof isTenant, Authenticator>([
      [[A, B], apiKey('ab')],
      [isTenant, apiKey('tenant')],
    ]);
    const send = fetchAuth(new AuthByOrigin(routes), { fetch });
    for (const url of [A, B, 'https://c.example', 'https://example.org']) await send(url);
    expect(sent.map(({ key }) => key)).toEqual(['ab', 'ab', 'tenant', null]);
  });

  it('has the origins of its routes, and never all', () => {
    expect(new AuthByOrigin({ [A]: apiKey('a'), [B]: apiKey('b') }).origins).toEqual([A, B]);
    const { origins } = new AuthByOrigin([[(url: URL) => url.port === '8443', apiKey('a')]]);
    const allows = origins as (url: URL) => boolean;
    expect([`${A}:8443/`, A].map((url) => allows(new URL(url)))).toEqual([true, false]);
  });

  it('gives nothing elsewhere, even where the adapter lets everything go everywhere', async () => {
    const { sent, fetch } = network((request) =>
      request.url.startsWith(A) ? undefined : new Response('', { status: 401 }),
    );
    const send = fetchAuth(new AuthByOrigin({ [A]: apiKey('a') }), { fetch, origins: '*' });
    expect((await send('https://c.example')).status).toBe(401);
    expect(sent.map(({ key }) => key)).toEqual([null]);
  });

  it('leaves the origins of each authenticator in force', async () => {
    const { sent, fetch } = network();
    const narrow = new AuthApiKey({ header: 'x-api-key', key: 'k', origins: (url) => url.pathname.startsWith('/v1/') });
    const send = fetchAuth(new AuthByOrigin({ [A]: narrow }), { fetch });
    for (const path of ['/v1/x', '/v2/x']) await send(A + path);
    expect(sent.map(({ key }) => key)).toEqual(['k', null]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', undefined, /takes an object/],
    ['no route', {}, /at least one origin/],
    ['what is no authenticator', { [A]: 's3cret' }, /takes an authenticator/],
    ['everywhere', [['*', apiKey('a')]], /takes origins such as/],
    ['everywhere as a key', { '*': apiKey('a') }, /takes origins such as/],
    ['a pattern', { 'https://*.example': apiKey('a') }, /'origins'/],
    ['a path', { '/v1': apiKey('a') }, /'origins'/],
    ['a route that its own origins shut', { [A]: apiKey('a', [B]) }, /sends AuthApiKey to https:\/\/a\.example/],
  ])('refuses %s', (_name, routes, message) => {
    const make = () => new AuthByOrigin(routes as OriginRoutes);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });

  it('gives each hop of a redirect its own credential', async () => {
    const { sent, fetch } = network((request) => {
      if (request.url === `${A}/start`) return redirectTo(`${B}/middle`);
      return request.url === `${B}/middle` ? redirectTo(`${A}/end`) : undefined;
    });
    const auth = new AuthByOrigin({ [A]: new AuthBasic({ username: 'ada', password: 'p' }), [B]: apiKey('key-b') });
    await fetchAuth(auth, { fetch })(`${A}/start`);
    expect(sent.map(({ authorization, key }) => [authorization !== null, key])).toEqual([
      [true, null],
      [false, 'key-b'],
      [true, null],
    ]);
  });

  it('renews the credential of the hop that was refused, and no other', async () => {
    const renewals: string[] = [];
    const bearer = (name: string) =>
      new AuthBearer(() => {
        renewals.push(name);
        return `${name}-${renewals.length}`;
      });
    const { sent, fetch } = network((request) => {
      if (request.url.startsWith(A)) return redirectTo(B);
      return new Response('', { status: request.headers.get('authorization') === 'Bearer b-2' ? 401 : 200 });
    });
    const auth = new AuthByOrigin({ [A]: bearer('a'), [B]: bearer('b') });
    expect((await fetchAuth(auth, { fetch })(A)).status).toBe(200);
    expect(renewals).toEqual(['a', 'b', 'b']);
    expect(sent.map(({ authorization }) => authorization)).toEqual(['a-1', 'b-2', 'b-3'].map((t) => `Bearer ${t}`));
  });

  it('hands a 401 on where the authenticator has nothing better', async () => {
    const { sent, fetch } = network(() => new Response('no', { status: 401 }));
    const response = await fetchAuth(new AuthByOrigin({ [A]: apiKey('a') }), { fetch })(A);
    expect([response.status, await response.text(), sent.length]).toEqual([401, 'no', 1]);
  });

  it('hands everything of the contract on to whoever signs', async () => {
    class AuthSpy extends Authenticator<string> {
      readonly refused: unknown[] = [];
      accepted: unknown;
      override checkIfAuthenticated() {
        return this.refused.length > 0;
      }
      authenticate({ refused }: AuthContext<string>) {
        if (refused !== undefined) this.refused.push(refused.credential);
        return refused === undefined ? 'first' : 'second';
      }
      override modifyRequest(request: AuthRequest, value: string) {
        request.headers.set('x-api-key', value);
      }
      override onAccepted = (value: string) => {
        this.accepted = value;
      };
      override describeCredential(value: string) {
        return { length: value.length };
      }
    }
    const spy = new AuthSpy();
    const debug = vi.fn();
    const auth = new AuthByOrigin({ [A]: spy, [B]: new AuthNone() }, { debug: true, logger: { debug } });
    expect(auth.checkIfAuthenticated()).toBe(false);
    const { sent, fetch } = network(
      ({ headers }) => new Response('', { status: headers.get('x-api-key') === 'first' ? 401 : 200 }),
    );
    await fetchAuth(auth, { fetch })(A);
    expect(sent.map(({ key }) => key)).toEqual(['first', 'second']);
    expect([spy.refused, spy.accepted, auth.checkIfAuthenticated()]).toEqual([['first'], 'second', true]);
    expect(debug).toHaveBeenCalledWith(expect.objectContaining({ chosen: 'AuthSpy', length: 5 }), 'signed');
  });

  it('tells whoever signed that a renewal was in vain', async () => {
    const keys = ['first', 'second'];
    const told = vi.fn();
    const nested = new AuthApiKey({ header: 'x-api-key', key: () => keys.shift() ?? 'none' });
    const { fetch } = network(() => new Response('', { status: 401 }));
    await fetchAuth(new AuthByOrigin({ [A]: Object.assign(nested, { onRefusedAgain: told }) }), { fetch })(A);
    expect(told.mock.calls).toEqual([['second', expect.objectContaining({ status: 401 })]]);
  });

  it('takes nothing that fails for accepted', async () => {
    const accepted = vi.fn();
    const nested = Object.assign(apiKey('a'), { onAccepted: accepted });
    const { fetch } = network(() => new Response('', { status: 503 }));
    await fetchAuth(new AuthByOrigin({ [A]: nested }), { fetch })(A);
    expect(accepted).not.toHaveBeenCalled();
  });

  it('lets a token be widened where an origin asks for more scope', async () => {
    const asked: unknown[] = [];
    const bearer = new AuthOAuth2(
      ({ demand }) => {
        asked.push(demand?.scope);
        return { accessToken: demand?.scope === undefined ? 'narrow' : 'wide', tokenType: 'Bearer' };
      },
      { scopeStepUp: ['write'] },
    );
    const { sent, fetch } = network(({ headers }) => {
      if (headers.get('authorization') === 'Bearer wide') return undefined;
      return new Response('', {
        status: 403,
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' },
      });
    });
    const response = await fetchAuth(new AuthByOrigin({ [A]: bearer }), { fetch })(A);
    expect(response.status).toBe(200);
    expect(asked).toEqual([undefined, ['write']]);
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer narrow', 'Bearer wide']);
  });

  it('takes one that chooses by challenge', async () => {
    const { sent, fetch } = network(({ headers, url }) => {
      if (url.startsWith(B) || headers.has('authorization')) return undefined;
      return new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
    });
    const asked = new AuthByChallenge({ basic: new AuthBasic({ username: 'ada', password: 'p' }) });
    const send = fetchAuth(new AuthByOrigin({ [A]: asked, [B]: apiKey('b') }), { fetch });
    expect([(await send(A)).status, (await send(A)).status, (await send(B)).status]).toEqual([200, 200, 200]);
    const basic = `Basic ${btoa('ada:p')}`;
    expect(sent.map(({ authorization, key }) => authorization ?? key)).toEqual([null, basic, basic, 'b']);
  });
});
