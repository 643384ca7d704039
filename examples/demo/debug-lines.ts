import { credentialFilter, type DebugSink } from '../../src/logging/index.ts';
import { clients } from './clients.ts';
import type { Servers } from './stage.ts';

export interface DebugLines {
  readonly lines: readonly string[];
  readonly deviations: readonly string[];
}

/** A token is revoked and renewed while `debug` is on; an access log goes through the filter as well. */
export async function collectDebugLines(servers: Servers): Promise<DebugLines> {
  const lines: string[] = [];
  const logger: DebugSink = { debug: (fields, message) => void lines.push(format(fields, message)) };
  const [client] = clients;
  if (client === undefined) throw new Error('There is no client.');
  const { api, login, send, secrets } = await servers.stageFor(client, { debug: true, logger });
  const before = api.accessLog.length;

  await send({ url: api.url('/reports') });
  await login.revokeAccessToken();
  await send({ url: api.url('/reports') });

  const careless = api.accessLog.slice(before);
  lines.push(...careless.map((line) => `api ${credentialFilter.mask(line)}`));
  return { lines, deviations: judge(lines, careless, secrets()) };
}

function judge(lines: readonly string[], careless: readonly string[], secrets: readonly string[]): string[] {
  const shows = (line: string) => secrets.some((secret) => line.includes(secret));
  const deviations: string[] = [];
  if (!careless.every(shows))
    deviations.push('debug lines: the access log holds no token, so masking it proves nothing');
  if (lines.length === careless.length) deviations.push('debug lines: there are none');
  const leaking = lines.filter(shows).length;
  if (leaking > 0) deviations.push(`debug lines: ${leaking} of ${lines.length} hold a secret`);
  return deviations;
}

function format(fields: Readonly<Record<string, unknown>>, message: string): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`);
  return `authwire ${message}${pairs.join('')}`;
}
