import { type Credential, isWorthMasking } from './shape.ts';

/** At the beginning of a word; `%20` and the like may stand before it. */
const START = String.raw`(?:(?<![\w-])|(?<=%[\da-f]{2})|(?<=\\[nrt]))`;

/** Prefixes that their issuers gave to tokens so that they can be found. */
const PREFIXED = [
  String.raw`gh[pousr]_\w{20,}`,
  String.raw`github_pat_\w{20,}`,
  String.raw`gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[\w.-]{16,}`,
  String.raw`xox[abeprs]-[\w-]{10,}`,
  String.raw`xapp-[\w-]{10,}`,
  String.raw`[sr]k_(?:live|test)_\w{10,}`,
  String.raw`whsec_[\w+/=]{16,}`,
  String.raw`(?:AKIA|ASIA)[A-Z\d]{16}(?!\w)`,
  String.raw`AIza[\w-]{30,}`,
  String.raw`ya29\.[\w-]{10,}`,
  String.raw`npm_[A-Za-z\d]{30,}`,
  String.raw`pypi-[\w-]{16,}`,
  String.raw`hf_[A-Za-z\d]{30,}`,
  String.raw`sk-(?:ant-|proj-)[\w-]{20,}`,
  String.raw`sk-[A-Za-z\d]{32,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  String.raw`hv[sbr]\.[\w-]{20,}`,
  String.raw`do[opr]_v1_[\da-f]{40,}`,
  String.raw`shp(?:at|ca|pa|ss)_[\da-fA-F]{20,}`,
  String.raw`dckr_pat_[\w-]{20,}`,
];
const TOKEN = new RegExp(`${START}(?:${PREFIXED.join('|')})`, 'g');
/** RFC 7519, also encrypted; and base64url JSON by itself, which many opaque tokens are. */
const JWT = new RegExp(String.raw`${START}eyJ[\w-]{8,}(?:(?:\.|%2E)[\w-]*){0,4}`, 'g');
const SCHEME = /(?<![\w-])(?:(basic)|bearer|dpop)(?: |%20|\+)+([\w.~+/=-]{8,})/gi;

/** The files of npm and Docker: user and password as in a Basic header, without its scheme. */
const BASIC = /(?<![\w-])_?auth\\*["']?[ \t]*[:=][ \t]*\\*["']?([\w+/-]{8,}={0,2})/g;

/** Tokens that are known by what they look like. */
export function* tokens(text: string): Generator<Credential> {
  for (const { index, 0: all, 1: basic, 2: value = '' } of text.matchAll(SCHEME)) {
    const end = index + all.length;
    if (basic ? isUserPass(value) : isToken(value))
      yield { start: end - value.length, end, kind: 'header', context: { start: index, end } };
  }
  for (const { index, 0: all, 1: value = '' } of text.matchAll(BASIC)) {
    const end = index + all.length;
    if (isUserPass(value)) yield { start: end - value.length, end, kind: 'header', context: { start: index, end } };
  }
  for (const { index, 0: all } of text.matchAll(JWT)) {
    const isJwt = all.length > 40 || /[.%]/.test(all);
    if (isJwt && isWorthMasking(all)) yield { start: index, end: index + all.length, kind: 'jwt' };
  }
  for (const { index, 0: all } of text.matchAll(TOKEN)) yield { start: index, end: index + all.length, kind: 'token' };
}

/** RFC 7617 §2: `user:password` in base64. */
function isUserPass(value: string): boolean {
  const digits = value
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[^a-z\d+/]/gi, '');
  return atob(digits.slice(0, digits.length - Number(digits.length % 4 === 1))).includes(':');
}

/** Words of prose have no digits. */
function isToken(value: string): boolean {
  return /\d/.test(value) && value.length >= 12;
}
