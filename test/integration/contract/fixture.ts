import { onTestFinished } from 'vitest';
import { type AuthError, isAuthError } from '../../../src/errors.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import type { Client, ClientDriver, ClientOptions, ClientResponse } from '../../helpers/clients.ts';
import { type ProtectedApi, type ProtectedApiOptions, startProtectedApi } from '../../helpers/protected-api.ts';
import { HandClock, type Placement, TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

/** An API that ends with the test. */
export async function testApi(options?: ProtectedApiOptions): Promise<ProtectedApi> {
  const api = await startProtectedApi(options);
  onTestFinished(() => api.close());
  return api;
}

/** Binds the credential to the API, where no base URL does. */
export function bound({ origin }: { readonly origin: string }, options: ClientOptions = {}): ClientOptions {
  return options.baseUrl === undefined ? { origins: [origin], ...options } : options;
}

export interface Setup {
  readonly api: ProtectedApi;
  readonly issuer: TokenIssuer;
  readonly auth: Authenticator;
  /** The clock of the authenticator. */
  readonly clock: HandClock;
  readonly send: Client;
}

export interface SetupOptions extends ClientOptions {
  readonly placement?: Placement;
}

/** A server that wants a token, an issuer of it, and one client that has the authenticator. */
export async function setUp(driver: ClientDriver, { placement, ...options }: SetupOptions = {}): Promise<Setup> {
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  const clock = new HandClock();
  const auth = new TestAuth(issuer, placement, clock);
  return { api, issuer, auth, clock, send: driver.create(auth, bound(api, options)) };
}

/** The same, with a first token that has been accepted once and that the server has just stopped accepting. */
export async function setUpExpired(driver: ClientDriver, options: SetupOptions = {}): Promise<Setup> {
  const setup = await setUp(driver, options);
  const { api, issuer, send } = setup;
  await (await send({ url: api.url('/warm-up') })).text();
  issuer.expire();
  api.forget();
  return setup;
}

/** How a call ended: with an answer, or with an error in which there may be an answer too. */
export interface Outcome {
  readonly status: number | undefined;
  readonly text: string | undefined;
  readonly response: ClientResponse | undefined;
  /** What the client threw. */
  readonly error: unknown;
}

/** Waits for a call and reads its answer, wherever this client puts it. */
export async function outcome(driver: ClientDriver, call: Promise<ClientResponse>): Promise<Outcome> {
  try {
    return await read(await call, undefined);
  } catch (error) {
    return read(driver.responseOf(error), error);
  }
}

async function read(response: ClientResponse | undefined, error: unknown): Promise<Outcome> {
  return { status: response?.status, text: await response?.text(), response, error };
}

/** What a caller can tell an error by. */
export function identity(error: unknown): Readonly<Record<string, unknown>> {
  const { name, code, message } = error as Error & { code?: unknown };
  return { class: Object.getPrototypeOf(error).constructor.name, name, code, message };
}

/** The error of ours that a client may have wrapped in one of its own. */
export function authErrorOf(error: unknown): AuthError | undefined {
  if (isAuthError(error)) return error;
  return error instanceof Error ? authErrorOf(error.cause) : undefined;
}
