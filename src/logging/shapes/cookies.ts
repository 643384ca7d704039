import { type Credential, isWorthMasking } from './shape.ts';

const NAME = /([^\s=;,"'\\]+)=/g;
const ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|priority|version)$/i;

/** The values in a Cookie or Set-Cookie header; names and attributes stay, RFC 6265 §4. */
export function* cookieValues(text: string, start: number, end: number): Generator<Credential> {
  const header = text.slice(start, end);
  NAME.lastIndex = 0;
  for (let found = NAME.exec(header); found; found = NAME.exec(header)) {
    const from = NAME.lastIndex;
    if (ATTRIBUTE.test(found[1] as string)) continue;
    const stop = header.indexOf(';', from);
    const until = stop === -1 ? header.length : stop;
    if (isWorthMasking(header.slice(from, until))) yield { start: start + from, end: start + until, kind: 'cookie' };
    NAME.lastIndex = until;
  }
}
