import type { Credential } from './shape.ts';

const AUTHORITY = /(?<![a-z\d+.-])([a-z][a-z\d+.-]{0,30}):\/\/([^\s/?#"'`<>\\]{1,4096})/gi;

/** The password of a URL; of an http URL without one the user, which is often a token. */
export function* userinfo(text: string): Generator<Credential> {
  for (const { index, 0: all, 1: scheme = '', 2: authority = '' } of text.matchAll(AUTHORITY)) {
    const at = authority.lastIndexOf('@');
    if (at <= 0) continue;
    const colon = authority.slice(0, at).indexOf(':');
    const start = index + all.length - authority.length;
    const from = start + (colon === -1 ? 0 : colon + 1);
    const hasSecret = colon === -1 ? /(?:^|\+)https?$/i.test(scheme) : colon + 1 < at;
    if (hasSecret && !/^\*+$/.test(text.slice(from, start + at)))
      yield { start: from, end: start + at, kind: 'userinfo', context: { start: index, end: start + at + 1 } };
  }
}
