import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ConfigurationError } from '../errors.ts';
import { nodeStream } from '../logging/streams/node-stream.ts';
import { textMasker } from '../logging/streams/text-masker.ts';
import { createTextFilter, type TextFilter } from '../logging/text-filter.ts';
import type { KnownValueOptions } from './known/known-value.ts';
import { knownValues } from './known-values.ts';
import { type Counts, maskFilter } from './mask-filter.ts';
import { summaryOf } from './summary.ts';

/** Options of `authwire mask`. */
export interface MaskOptions extends KnownValueOptions {
  /** Says nothing about what was masked. */
  readonly quiet?: boolean;
}

/**
 * Masks the files, one after the other, or standard input, and writes them to standard output.
 *
 * @throws {@link ConfigurationError} where a file, a variable or a credential cannot be read.
 */
export async function mask(files: readonly string[], options: MaskOptions): Promise<void> {
  const inputs = files.length === 0 ? ['-'] : files;
  for (const file of inputs) assertReadable(file);
  const counts: Counts = new Map();
  const filter = maskFilter(await filterOfKnown(options), counts);
  for (const file of inputs) await maskOne(file, filter);
  if (!options.quiet) say(summaryOf(counts));
}

async function filterOfKnown(options: KnownValueOptions): Promise<TextFilter> {
  const filter = createTextFilter({
    onWeakSecret: (name) => say(`the value of ${name} has fewer than 4 characters: it is masked as a whole word only`),
  });
  // Two sources may use the same name.
  const values = await knownValues({ warn: say, ...options });
  for (const [i, { name, value }] of values.entries()) filter.updateSecret(`${name} (${i + 1})`, value);
  return filter;
}

async function maskOne(file: string, filter: TextFilter): Promise<void> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    await pipeline(input, nodeStream(textMasker(filter)), process.stdout, { end: false });
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (path !== undefined) throw new ConfigurationError(`${file} cannot be read: ${code}.`, { cause });
    throw cause;
  }
}

/** Before anything is written, so that half an answer is not mistaken for a whole one. */
function assertReadable(file: string): void {
  if (file === '-') return;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new ConfigurationError(`${file}: no such file.`);
  if (stats.isDirectory()) throw new ConfigurationError(`${file} is a directory.`);
}

function say(text: string): void {
  process.stderr.write(`authwire mask: ${text}\n`);
}
