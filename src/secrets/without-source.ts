import { MASK } from '../secret.ts';

const NO_JSON = ' is not valid JSON';

/** V8 quotes ten characters of what it could not parse, which is too little for the filter and too much of a secret. */
export function withoutSource(message: string): string {
  const [start, end] = [message.indexOf('"'), message.indexOf(NO_JSON)];
  return start === -1 || end < start ? message : `${message.slice(0, start)}${MASK}${message.slice(end)}`;
}
