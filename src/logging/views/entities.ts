import type { Decoder } from './view.ts';

/** The names that encoders write; the other 2,000 are for people. */
const NAMES = new Map(
  Object.entries({ amp: '&', apos: "'", gt: '>', lt: '<', nbsp: '\u00a0', quot: '"', sol: '/', equals: '=', num: '#' }),
);
const ENTITY = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/gi;

/** `&amp;`, `&#39;` and `&#x27;`, as HTML and XML write them. */
export const entities: Decoder = (text, put) => {
  for (const { index, 0: found, 1: hex, 2: decimal, 3: name = '' } of text.matchAll(ENTITY)) {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const decoded = code <= 0x10ffff ? String.fromCodePoint(code) : NAMES.get(name);
    if (decoded !== undefined) put(index, index + found.length, decoded);
  }
};
