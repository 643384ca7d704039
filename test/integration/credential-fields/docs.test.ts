import { readFile } from 'node:fs/promises';
import { getDefault } from 'valibot';
import { describe, expect, it } from 'vitest';
import { knownAuthenticators } from '../../../src/builders/build-authenticator.ts';
import { credentialSchema } from '../../../src/fields/credential-schema.ts';
import { cellOf, columns, covered } from './columns.ts';

const page = await readFile(new URL('../../../docs/credential-fields.md', import.meta.url), 'utf8');
const fields = Object.entries(credentialSchema);

/** The rows of the table that begins with these columns: by field, the other cells. */
function table(...head: readonly string[]): Map<string, string[]> {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head.join(' | ')} |`));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return new Map(rows.slice(0, end).map((line) => toCells(line)));
}

function toCells(line: string): [string, string[]] {
  const [field = '', ...cells] = line.split('|').slice(1, -1);
  return [field.trim().replaceAll('`', ''), cells.map((cell) => cell.trim())];
}

describe('the page about the credential fields', () => {
  it('has a row for each field, with its default', () => {
    const said = [...table('field', 'must be', 'default')].map(([field, [, value]]) => [field, value]);
    const meant = fields.map(([field, schema]) => {
      const value: unknown = getDefault(schema);
      return [field, value === undefined || value === '' ? '' : `\`${String(value)}\``];
    });
    expect(said).toEqual(meant);
  });

  it('says which authenticator reads which field', () => {
    const names = Object.keys(columns);
    const meant = fields.map(([field]) => [field, names.map((name) => cellOf(name, field as never))]);
    expect([...table('field', ...names)]).toEqual(meant);
  });

  it('has a column for each authenticator that a configuration can name', () => {
    expect([...covered]).toEqual(expect.arrayContaining([...knownAuthenticators().keys()]));
  });
});
