/**
 * What happens when a token dies under many calls at once. The server answers most of them quickly, in the order of
 * the event loop's turns, and one in ten only when the renewal is over: those 401s are late, and whoever cannot tell that
 * they are renews again.
 */

import { fetchAuth } from '../src/adapters/fetch.ts';
import { cpuMs } from './cpu-time.ts';
import { carefulFetch, type Fetch, naiveFetch } from './floors/fetch.ts';
import { type HeldToken, TokenKeeper } from './floors/token-keeper.ts';
import { type Spread, shuffled, spread } from './statistics.ts';
import { bearer } from './subject.ts';

const TOKEN_ENDPOINT_MS = 5;
const DEAD = 'a-token-that-no-server-takes';
const MOST = 1.15;
const WARM_UP_ROUNDS = 5;

export interface StormResult {
  readonly calls: number;
  readonly name: string;
  readonly tokenRequests: Spread;
  readonly apiRequests: Spread;
  readonly failed: Spread;
  /** Until the last answer. */
  readonly ms: Spread;
  /** Processor time alone, so that what both have to wait for does not flatter the ratio. */
  readonly cpuMs: Spread;
  /** The processor time as a share of the careful floor's in the same round. */
  readonly ratio: Spread;
  /** For authwire only. */
  readonly targets?: { readonly ratio: number; readonly met: boolean };
}

/** An API and its token endpoint, with a schedule that is the same for everybody. */
class Server {
  apiRequests = 0;
  tokenRequests = 0;
  readonly #valid = new Set<string>();
  #release = () => {};
  readonly #renewed = new Promise<void>((resolve) => {
    this.#release = resolve;
  });

  readonly fetch: Fetch = async (_input, init) => {
    const index = this.apiRequests++;
    const valid = this.#valid.has(tokenOf(init?.headers));
    if (!valid && index % 10 === 9) await this.#renewed;
    for (let turn = index % 4; turn >= 0; turn -= 1) await turnOfTheLoop();
    return valid ? new Response(null, { status: 200 }) : unauthorized();
  };

  readonly requestToken = async (): Promise<HeldToken> => {
    this.tokenRequests += 1;
    const value = `a-good-token-number-${this.tokenRequests}`;
    await new Promise((resolve) => setTimeout(resolve, TOKEN_ENDPOINT_MS));
    this.#valid.add(value);
    this.#release();
    return { value, expiresAt: Date.now() + 3_600_000 };
  };
}

function tokenOf(headers: HeadersInit | undefined): string {
  const given = headers as Headers | Record<string, string>;
  const value = given instanceof Headers ? given.get('authorization') : given.authorization;
  return value?.slice('Bearer '.length) ?? '';
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function unauthorized(): Response {
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"', 'content-length': '25' };
  return new Response('{"error":"invalid_token"}', { status: 401, headers });
}

const API = 'https://api.example.com';

const CONTENDERS: Record<string, (server: Server) => Fetch> = {
  naive: (server) => naiveFetch(server.fetch, DEAD, async () => (await server.requestToken()).value),
  careful: (server) => carefulFetch(server.fetch, new TokenKeeper(dead(), server.requestToken)),
  authwire: (server) => fetchAuth(bearer(dead(), server.requestToken), { origins: [API], fetch: server.fetch }),
};

/** By the clock it lives on: only the server knows that it is dead. */
function dead(): HeldToken {
  return { value: DEAD, expiresAt: Date.now() + 3_600_000 };
}

interface Storm {
  readonly tokenRequests: number;
  readonly apiRequests: number;
  readonly failed: number;
  readonly ms: number;
  readonly cpuMs: number;
}

async function storm(calls: number, contender: (server: Server) => Fetch): Promise<Storm> {
  const server = new Server();
  const fetch = contender(server);
  const startCpu = cpuMs();
  const start = performance.now();
  const answers = await Promise.allSettled(
    Array.from({ length: calls }, (_, index) =>
      fetch(`${API}/reports/${index}`, { headers: { Accept: 'application/json' } }),
    ),
  );
  const times = { ms: performance.now() - start, cpuMs: cpuMs() - startCpu };
  const failed = answers.filter((answer) => answer.status === 'rejected' || !answer.value.ok).length;
  return { tokenRequests: server.tokenRequests, apiRequests: server.apiRequests, failed, ...times };
}

/** Storms of so many calls, everybody once a round. */
export async function measureStorm(calls: number, rounds: number): Promise<StormResult[]> {
  const names = Object.keys(CONTENDERS);
  const storms = new Map<string, Storm[]>(names.map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const name of shuffled(names, round + WARM_UP_ROUNDS)) {
      const one = await storm(calls, CONTENDERS[name] as (server: Server) => Fetch);
      if (round >= 0) storms.get(name)?.push(one);
    }
  }
  const careful = storms.get('careful') ?? [];
  return names.map((name) => summarize(calls, name, storms.get(name) ?? [], careful));
}

function summarize(calls: number, name: string, storms: readonly Storm[], careful: readonly Storm[]): StormResult {
  const over = (key: keyof Storm) => spread(storms.map((one) => one[key]));
  const ratio = spread(storms.map((one, round) => one.cpuMs / (careful[round]?.cpuMs ?? Number.NaN)));
  const counted = { tokenRequests: over('tokenRequests'), apiRequests: over('apiRequests'), failed: over('failed') };
  const met = counted.tokenRequests.max === 1 && counted.failed.max === 0 && ratio.median <= MOST;
  const result = { calls, name, ...counted, ms: over('ms'), cpuMs: over('cpuMs'), ratio };
  return name === 'authwire' ? { ...result, targets: { ratio: MOST, met } } : result;
}
