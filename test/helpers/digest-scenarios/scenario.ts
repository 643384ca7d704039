/** What a client does with a server that wants Digest, and how it must end: with the real server, and with a record of it. */

import { expect } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthDigest, type AuthDigestOptions } from '../../../src/authenticators/digest.ts';
import { type Talk, WIRE_ORIGIN, type WireExchange, wireFetch } from '../wire-fetch.ts';
import type { DigestUser } from './users.ts';

export interface ScenarioCall {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
}

export interface Scenario {
  readonly name: string;
  readonly user: DigestUser;
  readonly options?: Partial<AuthDigestOptions>;
  readonly calls: readonly ScenarioCall[];
  /** The statuses that the caller sees, one for each call. */
  readonly statuses: readonly number[];
  /** How many requests that takes. */
  readonly requests: number;
  /** What the last answer, or the one with that index, must say. */
  readonly answer?: RegExp;
  /** What the server must have said in one of its responses. */
  readonly said?: RegExp;
  /** Changes a response on its way to the client: some things servers understand, but never ask for. */
  readonly rewrite?: (response: string, index: number) => string;
  /** Keeps the server's cookies. */
  readonly cookies?: boolean;
}

export interface ScenarioResult {
  readonly statuses: readonly number[];
  readonly exchanges: readonly WireExchange[];
}

export async function runScenario(scenario: Scenario, talk: Talk): Promise<ScenarioResult> {
  const { user, options, calls, rewrite = (response: string) => response } = scenario;
  const exchanges: WireExchange[] = [];
  const jar = new Map<string, string>();
  let fresh = 0;
  const auth = new AuthDigest({
    ...user,
    random: (bytes) => Uint8Array.from({ length: bytes }, (_, i) => (fresh++ * 31 + i) % 256),
    ...options,
  });
  const send = wireFetch(async (plain) => {
    const request = scenario.cookies === true ? withCookies(plain, jar) : plain;
    const response = rewrite(await talk(request), exchanges.length);
    exchanges.push({ request, response });
    for (const [, name = '', value = ''] of response.matchAll(/^set-cookie: *([^=]+)=([^;\r]*)/gim))
      jar.set(name, value);
    return response;
  });
  const api = fetchAuth(auth, { baseUrl: WIRE_ORIGIN, fetch: send });
  const statuses: number[] = [];
  for (const { path, ...init } of calls) {
    const response = await api(WIRE_ORIGIN + path, init);
    statuses.push(response.status);
  }
  return { statuses, exchanges };
}

/** What every run of a scenario must come to. */
export function expectScenario({ statuses, requests, answer, said }: Scenario, result: ScenarioResult): void {
  expect(result.statuses).toEqual(statuses);
  expect(result.exchanges).toHaveLength(requests);
  const last = /^authorization: (.*)\r$/m.exec(result.exchanges.at(-1)?.request ?? '')?.[1] ?? '';
  if (answer !== undefined) expect(last).toMatch(answer);
  if (said !== undefined) expect(result.exchanges.map(({ response }) => response).join('\n')).toMatch(said);
}

function withCookies(request: string, jar: ReadonlyMap<string, string>): string {
  if (jar.size === 0) return request;
  const cookies = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
  return request.replace('\r\n\r\n', `\r\ncookie: ${cookies}\r\n\r\n`);
}
