import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** A program in one file: a process would else spend most of its life on reading it. */
export async function bundled(input: string, dir: string): Promise<string> {
  const bundle = await rolldown({ input, platform: 'node', external: [/^node:/, 'fs-native-extensions'] });
  await bundle.write({ dir, format: 'esm', entryFileNames: 'program.mjs' });
  return join(dir, 'program.mjs');
}
