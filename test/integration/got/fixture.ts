import gotSixteen, { type Got } from 'got';
import { got as gotFourteen } from 'got14';
import { onTestFinished } from 'vitest';
import { type GotAuthOptions, gotAuth } from '../../../src/adapters/got.ts';
import { type ProtectedApi, startProtectedApi } from '../../helpers/protected-api.ts';
import { type Placement, TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

export interface Version {
  readonly name: string;
  readonly got: Got;
}

/** The oldest and the newest major that the adapter serves. Retries come at once. */
export const versions: readonly Version[] = [
  { name: 'got 16', got: gotSixteen },
  { name: 'got 14', got: gotFourteen as unknown as Got },
].map(({ name, got }) => ({ name, got: got.extend({ retry: { limit: 0, backoffLimit: 1, noise: 0 } }) }));

export async function testApi(): Promise<ProtectedApi> {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

export interface GotSetup {
  readonly api: ProtectedApi;
  readonly issuer: TokenIssuer;
  readonly auth: TestAuth;
  readonly client: Got;
}

export interface GotSetupOptions extends GotAuthOptions {
  readonly placement?: Placement;
}

/** A server that wants a token, and a got instance that has one to give. */
export async function setUp(got: Got, options: GotSetupOptions = {}): Promise<GotSetup> {
  const { placement, ...rest } = options;
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  const auth = new TestAuth(issuer, placement);
  return { api, issuer, auth, client: got.extend(gotAuth(auth, { origins: [api.origin], ...rest })) };
}

/** The same, with a token that was good a moment ago. */
export async function setUpExpired(got: Got, options?: GotSetupOptions): Promise<GotSetup> {
  const setup = await setUp(got, options);
  await setup.client(setup.api.url('/warm-up'));
  setup.issuer.expire();
  setup.api.forget();
  return setup;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a client throws
export type Failure = any;

/** What a promise rejects with. */
export async function failure(promise: PromiseLike<unknown>): Promise<Failure> {
  const settled = await promise.then(
    () => ({ resolved: true, reason: undefined }),
    (reason: unknown) => ({ resolved: false, reason }),
  );
  if (settled.resolved) throw new Error('expected a rejection');
  return settled.reason;
}

/** The credential of each request, as the server saw it. */
export function presented(api: ProtectedApi, path?: string): (string | undefined)[] {
  const hits = path === undefined ? api.hits : api.hitsOf(path);
  return hits.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));
}
