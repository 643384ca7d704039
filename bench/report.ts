import type { HotPathResult } from './hot-path.ts';
import type { Spread } from './statistics.ts';
import type { StormResult } from './storm.ts';

/** The hot path as a table: nanoseconds of the bare client, and what each way adds. */
export function hotPathTable(results: readonly HotPathResult[]): string {
  const rows = results.map(({ name, bare, added, ratio, target }) => [
    name,
    nanoseconds(bare.median),
    range(added.fiveLine),
    range(added.careful),
    range(added.authwire),
    quartiles(ratio),
    ...(target === Number.POSITIVE_INFINITY ? ['', ''] : [`≤ ${target}`, verdict(isMet(ratio.median, target))]),
  ]);
  const head = ['client', 'bare ns', '+ five-line', '+ careful', '+ authwire', '÷ careful', 'target', ''];
  return table([head, ...rows]);
}

/** The storms as a table: one row for each way of renewing. */
export function stormTable(results: readonly StormResult[]): string {
  const rows = results.map(({ calls, name, tokenRequests, apiRequests, failed, ms, cpuMs, ratio, targets }) => [
    String(calls),
    name,
    counts(tokenRequests),
    counts(apiRequests),
    counts(failed),
    milliseconds(ms),
    milliseconds(cpuMs),
    quartiles(ratio),
    targets === undefined ? '' : `≤ ${targets.ratio}, 1 token request`,
    targets === undefined ? '' : verdict(targets.met),
  ]);
  const head = ['calls', 'by', 'token requests', 'API requests', 'failed', 'ms', 'CPU ms', '÷ careful', 'target', ''];
  return table([head, ...rows]);
}

export function isMet(value: number, target: number): boolean {
  return value <= target;
}

function verdict(met: boolean): string {
  return met ? 'met' : 'MISSED';
}

function range({ median, min, max }: Spread): string {
  return `${nanoseconds(median)} (${nanoseconds(min)}–${nanoseconds(max)})`;
}

function quartiles({ median, quartiles: [first, third] }: Spread): string {
  return `${fixed(median)} (${fixed(first)}–${fixed(third)})`;
}

function milliseconds({ median, min, max }: Spread): string {
  return `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`;
}

function counts({ min, max }: Spread): string {
  return min === max ? String(min) : `${min}–${max}`;
}

function nanoseconds(value: number): string {
  return Math.round(value).toString();
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
