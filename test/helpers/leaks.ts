import { inspect } from 'node:util';

/**
 * Every way in which a value is commonly printed. `showHidden` is not among them: it opens what was hidden on purpose,
 * such as the socket's own copy of the request.
 */
const printers: Readonly<Record<string, (value: unknown) => string>> = {
  inspect: (value) => inspect(value),
  'inspect, depth null': (value) => inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null }),
  'JSON.stringify': (value) => stringify(value),
  String: (value) => String(value),
  message: (value) => String((value as Error | undefined)?.message),
  stack: (value) => String((value as Error | undefined)?.stack),
};

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A circular structure has no JSON, so JSON cannot be what leaks it.
    return '';
  }
}

/** The printers whose output holds one of the secrets; empty where nothing leaks. */
export function leaks(value: unknown, ...secrets: readonly string[]): string[] {
  const encoded = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
  ]);
  return Object.entries(printers)
    .filter(([, print]) => encoded.some((secret) => print(value).includes(secret)))
    .map(([name]) => name);
}
