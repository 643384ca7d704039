import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { echo, guarded, mentions, type ProtectedApi, redirect, refuse } from '../../helpers/protected-api.ts';
import { placements } from '../../helpers/test-auth.ts';
import { MARK } from '../../helpers/token-issuer.ts';
import { outcome, setUp, setUpExpired, testApi } from './fixture.ts';

const statuses = [301, 302, 303, 307, 308];
const targets = ['same origin', 'other port', 'other host'] as const;
type Target = (typeof targets)[number];
const foreign = targets.filter((target) => target !== 'same origin');

const matrix = statuses.flatMap((status) =>
  targets.flatMap((target) => placements.map((placement) => ({ status, target, placement }))),
);

describe.each(drivers)('$name', (driver) => {
  it.each(matrix)('$status to $target, credential in $placement', async ({ status, target, placement }) => {
    const { api, issuer, send } = await setUp(driver, { placement });
    const { location, landedAt } = await redirectTarget(api, target);
    api.on('/start', redirect(status, location));
    // Open to everybody: what is asked is not whether it is let in, but what it brings along.
    landedAt.on('/landing', echo());

    const result = await outcome(driver, send({ url: api.url('/start') }));

    expect(result.status).toBe(200);
    const [landing] = landedAt.hitsOf('/landing');
    expect(landing && mentions(landing, MARK)).toBe(target === 'same origin');
    expect(api.hitsOf('/start').map((hit) => mentions(hit, MARK))).toEqual([true]);
    expect(issuer.requests).toBe(1);
  });

  it.each(placements)('does not sign its way back home from a foreign server (%s)', async (placement) => {
    const { api, send } = await setUp(driver, { placement });
    const evil = await testApi();
    api.on('/start', redirect(302, evil.url('/detour')));
    evil.on('/detour', redirect(302, api.url('/landing')));
    api.on('/landing', echo());

    await outcome(driver, send({ url: api.url('/start') }));

    expect(evil.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    const [landing] = api.hitsOf('/landing');
    expect(landing && mentions(landing, MARK)).toBe(driver.capabilities.signsWayBack);
  });

  it.each(foreign)('renews nothing after a 401 from a foreign server (%s)', async (target) => {
    const { api, issuer, send } = await setUp(driver);
    const { location, landedAt } = await redirectTarget(api, target);
    api.on('/start', redirect(302, location));
    landedAt.on('/landing', refuse());

    const { status } = await outcome(driver, send({ url: api.url('/start') }));

    expect(status).toBe(401);
    expect(landedAt.hitsOf('/landing')).toHaveLength(1);
    expect(api.hitsOf('/start')).toHaveLength(1);
    expect(issuer.requests).toBe(1);
  });

  it('renews once for a 401 behind a redirect at its own origin', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    api.on('/start', redirect(302, '/landing'));
    api.on('/landing', guarded());

    const { status } = await outcome(driver, send({ url: api.url('/start') }));

    expect(status).toBe(200);
    expect(api.hitsOf('/landing')).toHaveLength(2);
    expect(issuer.requests).toBe(2);
  });

  it.each(statuses)('makes of an upload over a %i what the client itself makes of it', async (status) => {
    const { api, send } = await setUp(driver);
    api.on('/start', redirect(status, '/landing'));
    api.on('/landing', echo());
    const request = { method: 'POST', url: api.url('/start'), json: { kept: 'or dropped' } };
    const plain = await outcome(driver, driver.create(undefined)(request));

    const ours = await outcome(driver, send(request));

    expect(ours.status).toBe(plain.status);
    const [theirLanding, ourLanding] = api.hitsOf('/landing').map(({ method, bodySha256, contentType }) => ({
      method,
      bodySha256,
      contentType,
    }));
    expect(ourLanding).toEqual(theirLanding);
  });

  it('hands a redirect on that the caller wants to see', async () => {
    const { api, send } = await setUp(driver);
    api.on('/start', redirect(302, '/landing'));
    const request = { url: api.url('/start'), redirect: 'manual' as const };
    const plain = await outcome(driver, driver.create(undefined)(request));

    const { status, response, error } = await outcome(driver, send(request));

    expect(status).toBe(302);
    expect(response?.headers.get('location')).toBe('/landing');
    expect((error as Error | undefined)?.message).toBe((plain.error as Error | undefined)?.message);
    expect(api.hitsOf('/landing')).toHaveLength(0);
  });
});

interface Landing {
  readonly location: string;
  readonly landedAt: ProtectedApi;
}

async function redirectTarget(api: ProtectedApi, target: Target): Promise<Landing> {
  if (target === 'same origin') return { location: '/landing', landedAt: api };
  // Another name for the same machine is another origin, although the very same server answers.
  if (target === 'other host') return { location: `${api.originAs('localhost')}/landing`, landedAt: api };
  const other = await testApi();
  return { location: other.url('/landing'), landedAt: other };
}
