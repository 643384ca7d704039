const READABLE_BY_OTHERS = 0o004;
const warned = new Set<string>();

/** Warns once of each file that holds a secret and that everybody on this machine may read. */
export function warnIfWorldReadable(path: string, mode: number): void {
  if (process.platform === 'win32' || (mode & READABLE_BY_OTHERS) === 0 || warned.has(path)) return;
  warned.add(path);
  process.emitWarning(`authwire: everybody on this machine may read the secret in ${path}: chmod 600.`, {
    code: 'AUTHWIRE_READABLE_SECRET',
  });
}
