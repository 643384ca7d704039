/** What of a secret is a secret by itself: a line of a key, the signature of a JWT. */

const SCHEME = /^(?:basic|bearer|digest|dpop|negotiate|token|apikey)\s+/i;
const PEM_FRAME = /^-----(?:BEGIN|END) /;
/** Header, payload and signature of a JWS in compact form (RFC 7515 §7.1). */
const JWT = /^eyJ[\w-]*\.([\w-]+)\.([\w-]*)$/;

/** The shortest part that stands for the whole. */
const SHORTEST_PART = 8;
/** A document with more parts is no credential any more. */
const MOST_PARTS = 500;

/** The value and everything in it that is masked on its own. None for an empty or blank one: nothing would be hidden. */
export function basesOf(value: string): Set<string> {
  const trimmed = value.trim();
  if (trimmed === '') return new Set();
  const parts = [trimmed.replace(SCHEME, ''), ...lines(trimmed)].slice(0, MOST_PARTS);
  const bases = [value, trimmed, ...parts.filter(isSubstantial), ...percentDecoded(trimmed)];
  return new Set([...bases, ...bases.flatMap(jwtParts)].flatMap(spellings));
}

/** Composed and decomposed; and as an encoder writes it, to whom half a surrogate pair is U+FFFD. */
function spellings(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
  if (/^[\x00-\x7f]*$/.test(text)) return [text];
  return [text, text.normalize('NFC'), text.normalize('NFD'), text.replace(/\p{Surrogate}/gu, '\uFFFD')];
}

/** What was copied from a URL is printed decoded as well. */
function percentDecoded(text: string): string[] {
  if (!/%[\da-f]{2}/i.test(text)) return [];
  try {
    return [decodeURIComponent(text)].filter(isSubstantial);
  } catch {
    return [];
  }
}

function lines(text: string): string[] {
  if (!/[\r\n]/.test(text)) return [];
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => !PEM_FRAME.test(line));
}

function jwtParts(text: string): string[] {
  const [, payload = '', signature = ''] = JWT.exec(text.replace(SCHEME, '')) ?? [];
  return [payload, signature].filter(isSubstantial);
}

/** Long enough, and with something in it that no ruler or frame has. */
export function isSubstantial(text: string): boolean {
  return text.length >= SHORTEST_PART && /[\p{L}\p{N}]{4}/u.test(text);
}
