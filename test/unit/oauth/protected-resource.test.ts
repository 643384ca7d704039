import { describe, expect, it, vi } from 'vitest';
import { ChallengeError, ConfigurationError, TokenEndpointError } from '../../../src/errors.ts';
import { discoverProtectedResource, type ProtectedResourceOptions } from '../../../src/oauth/protected-resource.ts';
import { startEndpoint } from '../../helpers/endpoint.ts';

const API = 'https://api.example.com/v1/reports';
const LOGIN = 'https://login.example.com';
const WELL_KNOWN = 'https://api.example.com/.well-known/oauth-protected-resource';
const good = { resource: API, authorization_servers: [LOGIN] };

/** Discovers in a world where these addresses have this metadata. */
async function discover(
  world: Readonly<Record<string, unknown>>,
  options: Partial<ProtectedResourceOptions> = {},
  url: string | URL = API,
) {
  const own = vi.fn(async (input: unknown) => {
    const metadata = world[String(input)];
    return metadata === undefined ? new Response('no', { status: 404 }) : Response.json(metadata);
  });
  const found = discoverProtectedResource(url, { authorizationServers: [LOGIN], fetch: own as never, ...options });
  const outcome = await found.catch((error: unknown) => error);
  return { outcome, asked: own.mock.calls.map(([input]) => String(input)) };
}

const at = (place: string, metadata: object = good) => ({ [place]: metadata });
const challenge = (url: string) => `Bearer error="invalid_token", resource_metadata="${url}"`;

describe('metadata is looked for', () => {
  it('between host and path, then for the whole host (RFC 9728 §3.1)', async () => {
    const { outcome, asked } = await discover(at(WELL_KNOWN, { ...good, resource: 'https://api.example.com' }));
    expect(outcome).toEqual({
      resource: 'https://api.example.com',
      issuer: LOGIN,
      scopesSupported: [],
      dpopRequired: false,
    });
    expect(asked).toEqual([`${WELL_KNOWN}/v1/reports`, WELL_KNOWN]);
  });

  it.each([
    ['https://api.example.com', [WELL_KNOWN]],
    ['https://api.example.com/', [WELL_KNOWN]],
    ['https://api.example.com/a/', [`${WELL_KNOWN}/a`, WELL_KNOWN]],
    ['https://api.example.com/a?b=c', [`${WELL_KNOWN}/a?b=c`, WELL_KNOWN]],
  ])('for %s', async (url, places) => {
    expect((await discover({}, {}, url)).asked).toEqual(places);
  });

  it('where the challenge says, and nowhere else (RFC 9728 §5.1)', async () => {
    const place = 'https://api.example.com/metadata';
    const { outcome, asked } = await discover(at(place), { challenge: challenge(place) });
    expect(outcome).toMatchObject({ issuer: LOGIN });
    expect(asked).toEqual([place]);
    expect((await discover(at(WELL_KNOWN), { challenge: challenge(place) })).outcome).toBeInstanceOf(
      TokenEndpointError,
    );
  });

  it('in its well-known place if the challenge says nothing', async () => {
    expect((await discover({}, { challenge: 'Bearer' })).asked).toHaveLength(2);
    expect((await discover({}, { challenge: null })).asked).toHaveLength(2);
  });

  it.each([
    ['another origin', 'https://evil.example/metadata'],
    ['another port', 'https://api.example.com:8443/metadata'],
    ['http', 'http://api.example.com/metadata'],
    ['a private address', 'https://169.254.169.254/metadata'],
    ['this machine', 'http://127.0.0.1/metadata'],
    ['no address at all', '/metadata'],
    ['an address with a password', 'https://user:secret@api.example.com/metadata'],
  ])('at %s only if that is allowed, and before that nobody is asked', async (_name, place) => {
    const { outcome, asked } = await discover(at(place), { challenge: challenge(place) });
    expect(outcome).toBeInstanceOf(ChallengeError);
    expect(asked).toEqual([]);
  });

  it('at another origin that is allowed', async () => {
    const place = 'https://meta.example.com/api';
    const options = { challenge: challenge(place), metadataOrigins: ['https://meta.example.com'] };
    expect((await discover(at(place), options)).outcome).toMatchObject({ issuer: LOGIN });
  });
});

describe('the resource', () => {
  const place = `${WELL_KNOWN}/v1/reports`;

  it.each([API, 'https://api.example.com', 'https://api.example.com/', 'https://API.example.com:443/v1', `${API}/`])(
    'may be %s',
    async (resource) => {
      const { outcome } = await discover(at(place, { ...good, resource }), {}, `${API}/2026?page=1`);
      expect(outcome).toBeInstanceOf(TokenEndpointError);
      const found = await discover(at(`${place}/2026?page=1`, { ...good, resource }), {}, `${API}/2026?page=1`);
      expect(found.outcome).toMatchObject({ resource });
    },
  );

  it.each([
    'https://api.example.com/v1/report',
    'https://api.example.com/v1/reports/2026',
    'https://api.example.com/v2',
    'https://evil.example/v1/reports',
    'https://api.example.com.evil.example/v1/reports',
    'http://api.example.com/v1/reports',
    'https://api.example.com:8443/v1/reports',
    `${API}#fragment`,
    `${API}?tenant=1`,
    'https://user@api.example.com/v1/reports',
    '/v1/reports',
    'api',
    '',
    null,
    undefined,
    [API],
  ])('must not be %j', async (resource) => {
    expect((await discover(at(place, { ...good, resource }))).outcome).toBeInstanceOf(ChallengeError);
  });

  it('with a query is that one alone', async () => {
    const tenant = `${API}?tenant=1`;
    const { outcome } = await discover(at(`${place}?tenant=1`, { ...good, resource: tenant }), {}, tenant);
    expect(outcome).toMatchObject({ resource: tenant });
  });
});

describe('the authorization server', () => {
  const named = (...servers: unknown[]) => at(`${WELL_KNOWN}/v1/reports`, { ...good, authorization_servers: servers });

  it('is the first one that is allowed', async () => {
    const { outcome } = await discover(named('https://a.example', LOGIN, 7), { authorizationServers: ['x', LOGIN] });
    expect(outcome).toMatchObject({ issuer: LOGIN });
  });

  it('may be confirmed by a function, which is asked about each in turn', async () => {
    const confirm = vi.fn(async (issuer: string) => issuer === LOGIN);
    const { outcome } = await discover(named('https://a.example', LOGIN, 'https://b.example'), {
      authorizationServers: confirm,
    });
    expect(outcome).toMatchObject({ issuer: LOGIN });
    expect(confirm.mock.calls).toEqual([['https://a.example'], [LOGIN]]);
  });

  it.each(['https://10.0.0.1', 'http://localhost:8080', 'http://login.example', 'login', 'https://u:p@login.example'])(
    '%s is nothing to ask about, when the API is a public one',
    async (issuer) => {
      const confirm = vi.fn(() => true);
      const { outcome } = await discover(named(issuer), { authorizationServers: confirm });
      expect(outcome).toBeInstanceOf(ChallengeError);
      expect(confirm).not.toHaveBeenCalled();
    },
  );

  it.each([
    ['none is named', named()],
    ['the names are no list', at(`${WELL_KNOWN}/v1/reports`, { ...good, authorization_servers: LOGIN })],
    ['another one is named', named('https://evil.example')],
    ['it is written in another way', named(`${LOGIN}/`)],
  ])('is refused when %s', async (_name, world) => {
    expect((await discover(world)).outcome).toBeInstanceOf(ChallengeError);
  });

  it('is confirmed by nothing but true', async () => {
    const confirm = (() => 'yes') as unknown as () => boolean;
    expect((await discover(named(LOGIN), { authorizationServers: confirm })).outcome).toBeInstanceOf(ChallengeError);
  });

  it('that is refused is named, escaped, and not without end', async () => {
    const { outcome } = await discover(named(...Array(1000).fill('https://evil.example/\u202e')));
    const { message } = outcome as Error;
    expect(message).toContain('https://evil.example/*****');
    expect(message).not.toContain('\u202e');
    expect(message.length).toBeLessThan(500);
  });
});

describe('further', () => {
  it('scopes and DPoP are read, and nothing that was inherited', async () => {
    const more = { scopes_supported: ['read', 7, 'write'], dpop_bound_access_tokens_required: true };
    const place = `${WELL_KNOWN}/v1/reports`;
    expect((await discover(at(place, { ...good, ...more }))).outcome).toMatchObject({
      scopesSupported: ['read', 'write'],
      dpopRequired: true,
    });
  });

  it('redirects are not followed', async () => {
    await using server = await startEndpoint({ status: 302, headers: { location: '/elsewhere' } });
    const { origin } = new URL(server.url);
    const found = discoverProtectedResource(`${origin}/api`, { authorizationServers: [LOGIN] });
    await expect(found).rejects.toMatchObject({ kind: 'http-status', status: 302 });
    expect(server.received.map(({ path }) => path)).toEqual([
      '/.well-known/oauth-protected-resource/api',
      '/.well-known/oauth-protected-resource',
    ]);
  });

  it('an API on the inside may name servers on the inside', async () => {
    await using server = await startEndpoint();
    const { origin } = new URL(server.url);
    server.answer({ json: { resource: `${origin}/api`, authorization_servers: ['http://127.0.0.1:9'] } });
    const found = await discoverProtectedResource(`${origin}/api/x`, { authorizationServers: () => true });
    expect(found).toMatchObject({ resource: `${origin}/api`, issuer: 'http://127.0.0.1:9' });
  });

  it.each<[string, string, Partial<ProtectedResourceOptions>]>([
    ['url', 'http://api.example.com', {}],
    ['url', 'api', {}],
    ['authorizationServers', API, { authorizationServers: undefined as never }],
    ['authorizationServers', API, { authorizationServers: LOGIN as never }],
  ])('%s that is wrong is a configuration error', async (option, url, options) => {
    const { outcome, asked } = await discover({}, options, url);
    expect(outcome).toBeInstanceOf(ConfigurationError);
    expect(outcome).toMatchObject({ option });
    expect(asked).toEqual([]);
  });
});
