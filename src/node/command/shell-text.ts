import { open } from 'node:fs/promises';

const FIRST_BYTES = 64;

/**
 * Would the system give the file to a shell? The C library does so with whatever no program format and no `#!` line is
 * known for. Programs have NUL bytes at their beginning, and text has none.
 */
export async function isShellText(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  // What may be executed and not be read is no script: its interpreter could not read it either.
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    const beginning = buffer.subarray(0, bytesRead);
    return beginning.toString('latin1', 0, 2) !== '#!' && !beginning.includes(0);
  } finally {
    await file.close();
  }
}
