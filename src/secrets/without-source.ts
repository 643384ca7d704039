import { MASK } from '../secret.ts';

/**
 * V8 quotes ten characters of what it could not parse, JavaScriptCore a word of it: too little for the filter, and too much
 * of a secret.
 */
export function withoutSource(message: string): string {
  return / valid JSON|JSON Parse/.test(message) ? message.replace(/".*"/s, MASK) : message;
}
