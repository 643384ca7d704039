import type { Span } from '../spans.ts';

/** What a credential was recognised as. */
export type Kind = 'header' | 'cookie' | 'parameter' | 'jwt' | 'token' | 'privateKey' | 'userinfo';

/** A credential in a text: what is masked, up to, not including, `end`. */
export interface Credential extends Span {
  readonly kind: Kind;
  /** What it is recognised by: without its name, or without its scheme, nobody would know it. Default: itself. */
  readonly context?: Span;
  /** The lines of one private key count once. */
  readonly isContinued?: boolean;
}

/** Finds the credentials of one shape. The time it takes grows with the text's length, not faster. */
export type Shape = (text: string) => Iterable<Credential>;

const PLAIN_WORD =
  /^(?:true|false|null|nil|none|undefined|yes|no|on|off|empty|missing|required|optional|invalid|valid|expired|unknown|redacted|string|object)$/i;
const MASKED = /^[*\s]*$/;

/** Is there something to hide? Not in what is masked already, nor in a word that says there is no secret. */
export function isWorthMasking(value: string): boolean {
  return !MASKED.test(value) && !PLAIN_WORD.test(value);
}
