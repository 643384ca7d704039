import { MASK } from '../secret.ts';

/** V8 quotes ten characters of what it could not parse, which is too little for the filter and too much of a secret. */
export function withoutSource(message: string): string {
  return message.includes(' is not valid JSON') ? message.replace(/".*"/s, MASK) : message;
}
