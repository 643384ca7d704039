import { printableName } from '../secrets/printable.ts';
import type { ConfigDescription } from './description.ts';

/** A description for a person: the profile, its fields, and the files. */
export function describedText({ profile, profiles, fields, files, warnings }: ConfigDescription): string {
  const fieldRows = fields.map(({ field, value, source }) => [field, String(value), source]);
  const fileRows = files.map(({ layer, file, exists, readable, permissions }) => [
    layer,
    file,
    exists ? (readable ? 'read' : 'not readable') : 'not there',
    permissions,
  ]);
  const blocks = [
    `profile   ${printableName(profile)}\nprofiles  ${profiles.join(', ') || 'none'}`,
    table(['field', 'value', 'source'], fieldRows),
    table(['layer', 'file', 'state', 'permissions'], fileRows),
    warnings.map((warning) => `warning: ${warning}`).join('\n'),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [head, ...rows].map((row) => row.map(printableName));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
