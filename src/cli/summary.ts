import type { Counts } from './mask-filter.ts';

const LABELS = {
  known: ['known value', 'known values'],
  header: ['authorization header', 'authorization headers'],
  cookie: ['cookie', 'cookies'],
  parameter: ['parameter', 'parameters'],
  jwt: ['JWT', 'JWTs'],
  token: ['token with a known prefix', 'tokens with a known prefix'],
  privateKey: ['private key', 'private keys'],
  userinfo: ['user with a password', 'users with a password'],
} as const;

/** What was masked, in one line: `12 secrets masked (4 known values, 3 authorization headers, 5 JWTs)`. */
export function summaryOf(counts: Counts): string {
  const parts = Object.entries(LABELS).flatMap(([kind, [one, many]]) => {
    const count = counts.get(kind as keyof typeof LABELS) ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const secrets = `${total} ${total === 1 ? 'secret' : 'secrets'} masked`;
  return parts.length === 0 ? secrets : `${secrets} (${parts.join(', ')})`;
}
