import { parse, TomlError } from 'smol-toml';
import { ConfigurationError } from '../errors.ts';

/** A statement of more lines gets no line number, nor does what follows it. */
const LONGEST_STATEMENT = 500;

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
  for (const [index, line] of text.split('\n').entries()) {
    statement.push(line);
    const table = attempt(`${statement.join('\n')}\n`);
    if (table instanceof TomlError) {
      if (statement.length > LONGEST_STATEMENT) break;
      continue;
    }
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

/** Dates are objects, too. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
