let warned = false;

/** Warns once in a process. The key says where to look; the value stays unsaid. */
export function warnOfWeakSecret(key: string): void {
  if (warned) return;
  warned = true;
  const message = `authwire: the secret '${key}' has fewer than 4 characters and is masked as a whole word only.`;
  const { process } = globalThis;
  if (typeof process?.emitWarning === 'function') process.emitWarning(message, { code: 'AUTHWIRE_WEAK_SECRET' });
  // biome-ignore lint/suspicious/noConsole: where there is no process to warn
  else console.warn(message);
}
