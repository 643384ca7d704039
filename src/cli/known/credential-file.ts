import { readFileSync } from 'node:fs';
import { secretParts } from '../../config/secret-fields.ts';
import { ConfigurationError } from '../../errors.ts';
import type { KnownValue, KnownValueOptions } from './known-value.ts';

const DEEPEST = 8;

/** The secret fields in files of credential fields: of one credential, or of many in lists and objects. */
export function* credentialFileValues({ credentials = [] }: KnownValueOptions): Generator<KnownValue> {
  for (const file of credentials) yield* valuesIn(parse(read(file), file), file, 0);
}

function* valuesIn(node: unknown, name: string, depth: number): Generator<KnownValue> {
  if (typeof node !== 'object' || node === null || depth > DEEPEST) return;
  for (const [key, value] of Object.entries(node)) {
    const path = `${name}: ${key}`;
    if (typeof value === 'object') yield* valuesIn(value, path, depth + 1);
    else for (const secret of secretParts(key, String(value ?? ''))) yield { name: path, value: secret };
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, { cause });
  }
}

function parse(text: string, file: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Its error is dropped: it quotes the text.
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new ConfigurationError(`${file} must be JSON: an object of credential fields, or several.`);
}
