/**
 * Marked secrets. Each holds one agreed text, so that whatever is printed anywhere, by a test or by a whole run, can be
 * searched for all of them at once.
 */

/** Stands in every marked secret. Letters and digits only, so that no escaping changes it: see `leaks-forms.ts`. */
export const MARK = 'S3CR3T';

let made = 0;

/** What a secret may consist of, by the place that it is for: characters that one encoding or another changes. */
const alphabets = {
  /** A password: anything but control characters. */
  text: 'abcXYZ789 äöß€漢"\\/+=&?%~<>\'`$!#*()[]{}|^,;:@-_.',
  /** What may stand in a header: visible ASCII, and blanks inside. */
  header: 'abcXYZ789 "\\/+=&?%~<>\'`$!#*()[]{}|^,;:@-_.',
  /** What may stand in a cookie and be one word of a header: visible ASCII without commas and semicolons. */
  token: 'abcXYZ789"\\/+=&?%~<>\'`$!#*()[]{}|^:@-_.',
} as const;

export type MarkedKind = keyof typeof alphabets;

/**
 * A secret that no other test has, of more than 50 characters; it begins and ends with the mark. What lies between is in
 * an order of its own, as real secrets have little in common.
 */
export function markedSecret(kind: MarkedKind): string {
  made += 1;
  return `${MARK}-${made}-${shuffled([...alphabets[kind]], made).join('')}-${made}-${MARK}`;
}

/** The same order for the same number. */
function shuffled(items: readonly string[], seed: number): string[] {
  const rest = [...items];
  let state = seed;
  return items.map(() => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return rest.splice((state >>> 8) % rest.length, 1)[0] ?? '';
  });
}

/** A JWT whose payload and whose signature are marked. Nobody could verify it. */
export function markedJwt(claims: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: string) => Buffer.from(value).toString('base64url');
  const payload = JSON.stringify({ sub: markedSecret('token'), ...claims });
  return `${part('{"alg":"HS256","typ":"JWT"}')}.${part(payload)}.${part(markedSecret('text'))}`;
}
