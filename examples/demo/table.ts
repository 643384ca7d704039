import type { Result } from './measure.ts';

const HEAD = ['client', 'scenario', 'requests', 'token requests', 'outcome', 'time'];
const RIGHT = new Set(['requests', 'token requests', 'time']);

/** The results as lines of text. A client's name stands on its first line only. */
export function table(results: readonly Result[]): string[] {
  const rows = results.map(({ client, scenario, requests, tokenRequests, outcome, ms }, index) => [
    client === results[index - 1]?.client ? '' : client,
    scenario,
    `${requests}`,
    `${tokenRequests}`,
    outcome,
    `${ms.toFixed(0)} ms`,
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(cell, column, widths))
      .join('  ')
      .trimEnd();
  return [line(HEAD), widths.map((width) => '─'.repeat(width)).join('──'), ...rows.map(line)];
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return RIGHT.has(HEAD[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
}
