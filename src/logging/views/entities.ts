import type { Decoder } from './view.ts';

/** The names that encoders write; the other 2,000 are for people. */
const NAMES = new Map(
  Object.entries({ amp: '&', apos: "'", gt: '>', lt: '<', nbsp: '\u00a0', quot: '"', sol: '/', equals: '=', num: '#' }),
);
const LONGEST = 10;

/** `&amp;`, `&#39;` and `&#x27;`, as HTML and XML write them. */
export const entities: Decoder = (text, put) => {
  let end = 0;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    // One end serves all the ampersands before it: a text may be full of them.
    if (end <= at) end = text.indexOf(';', at);
    if (end === -1) return;
    const decoded = end - at > LONGEST ? undefined : characterOf(text.slice(at + 1, end));
    if (decoded === undefined) continue;
    put(at, end + 1, decoded);
    at = end;
  }
};

function characterOf(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
  if (hex === undefined && decimal === undefined) return NAMES.get(name);
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
