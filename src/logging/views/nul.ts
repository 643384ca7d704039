import type { Decoder } from './view.ts';

/** The zero bytes of UTF-16 that was taken for a narrower encoding. */
export const nul: Decoder = (text, put) => {
  for (let at = text.indexOf('\0'); at !== -1; at = text.indexOf('\0', at + 1)) put(at, at + 1, '');
};
