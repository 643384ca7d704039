/**
 * The character classes of RFC 9110 that authentication fields are made of, as patterns that match any number of them.
 */

/** RFC 9110 §5.6.2: names of schemes and parameters. */
export const TOKEN = /[\w!#$%&'*+.^`|~-]*/y;
/** RFC 9110 §11.2, without the `=` at the end. */
export const TOKEN68 = /[\w.~+/-]*/y;
/** RFC 9110 §5.6.3. */
export const WHITESPACE = /[ \t]*/y;
/** What may stand between two elements of a list (RFC 9110 §5.6.1.2): empty elements are none. */
export const SEPARATOR = /[ \t,]*/y;
/** An unquoted value as servers send it: RFC 9110 wants a token, but the `:` and `/` of a URL are common. */
export const BARE_VALUE = /[^ \t,"]*/y;
/** Anything that neither ends an element of a list nor begins a quoted string. */
export const INSIDE_ELEMENT = /[^,"]*/y;
export const EQUALS_SIGNS = /=*/y;

export const COMMA = 0x2c;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const EQUALS = 0x3d;
