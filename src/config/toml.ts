import { parse, TomlError } from 'smol-toml';
import { ConfigurationError } from '../errors.ts';

/** So many characters are parsed to find lines; what stands further down gets none. */
const MOST_CHARACTERS = 2_000_000;
/** A table in a table … deeper than any field. */
const MOST_LEVELS = 20;

/** A TOML document, and where in it things stand. */
export interface TomlDocument {
  readonly table: Readonly<Record<string, unknown>>;
  /** `file:line` of the key or table with this path; the file alone where the line is not known. */
  placeOf(...path: readonly string[]): string;
}

/**
 * Reads TOML.
 *
 * @throws {@link ConfigurationError} naming the file, the line and the mistake. It never quotes the text, as the parser's
 * own error does.
 */
export function parseToml(text: string, file: string): TomlDocument {
  const table = parseOrRefuse(text, file);
  if (isDeeper(table, MOST_LEVELS)) throw new ConfigurationError(`${file}: tables are nested too deeply.`);
  const lines = linesOf(text);
  return {
    table,
    placeOf: (...path) => {
      const line = lines.get(keyOf(path));
      return line === undefined ? file : `${file}:${line}`;
    },
  };
}

function parseOrRefuse(text: string, file: string) {
  const result = attempt(text);
  if (!(result instanceof TomlError)) return result;
  const [mistake = ''] = result.message.replace(/^Invalid TOML document: /, '').split('\n');
  throw new ConfigurationError(`${file}:${result.line}: not TOML at column ${result.column}: ${mistake}.`);
}

/** The parser knows no lines of values: one statement after the other is parsed alone, which ends where that succeeds. */
function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  let header: readonly string[] = [];
  let statement: string[] = [];
  let characters = 0;
  for (const [index, line] of text.split('\n').entries()) {
    statement.push(line);
    const source = `${statement.join('\n')}\n`;
    characters += source.length;
    if (characters > MOST_CHARACTERS) break;
    const table = attempt(source);
    if (table instanceof TomlError) continue;
    const paths = [...pathsIn(table)];
    const isHeader = statement[0]?.trimStart().startsWith('[');
    if (isHeader) header = paths.at(-1) ?? [];
    const first = index + 2 - statement.length;
    for (const path of paths) lines.set(keyOf(isHeader ? path : [...header, ...path]), first);
    statement = [];
  }
  return lines;
}

function attempt(text: string) {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) return error;
    throw error;
  }
}

function* pathsIn(value: unknown): Generator<readonly string[]> {
  if (!isTable(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [key];
    for (const path of pathsIn(inner)) yield [key, ...path];
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** Dates are objects, too. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
