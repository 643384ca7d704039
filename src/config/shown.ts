import { MASK } from '../secret.ts';
import { printableName } from '../secrets/printable.ts';
import type { Entries, Entry, LayerKind } from './layer.ts';
import type { Environment } from './places.ts';
import { isEmpty } from './project-rules.ts';
import { findReferred, isReferenceEntry, whereOf } from './references.ts';
import { isAddressField, SECRET_FIELDS } from './secret-fields.ts';

const SET = 'set, but not shown';
const NOT_SET = 'not set';

/** A field of a profile, without its secret. */
export interface FieldState {
  /** The name of the field. */
  readonly field: string;
  /** The value; of what may hold a secret `set, but not shown`, `not set` or `cannot be read`. */
  readonly value: string | number | boolean;
  /** The layer that sets it; empty where none does. */
  readonly layer: LayerKind | '';
  /** `file:line`, a variable, and what it refers to. */
  readonly source: string;
}

/** The fields that some layer has said, in that order. */
export function saidFields(entries: Entries, env: Environment): FieldState[] {
  return [...entries].map(([field, entry]) => ({
    field,
    value: shownValue(field, entry, env),
    layer: entry.layer,
    source: isReferenceEntry(entry) ? `${entry.place}: ${whereOf(entry.value)}` : entry.place,
  }));
}

/** The secrets that nobody has said. */
export function unsaidSecrets(entries: Entries): FieldState[] {
  const unsaid = SECRET_FIELDS.filter((field) => !entries.has(field));
  return unsaid.map((field) => ({ field, value: NOT_SET, layer: '', source: '' }));
}

function shownValue(field: string, entry: Entry, env: Environment): FieldState['value'] {
  const { value } = entry;
  // Whatever may be secret is wrapped.
  if (typeof value === 'object' || typeof value === 'function') return stateOfSecret(entry, env);
  if (value === '') return NOT_SET;
  return typeof value === 'string' ? shownText(value, isAddressField(field)) : value;
}

/**
 * URLs may hold passwords, and keys in their query. A password that nobody encoded may hold a slash or a question mark:
 * in an address, everything left of the last `@` is treated as one.
 */
function shownText(text: string, isAddress: boolean): string {
  const query = text.search(/[?#]/);
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text) ?? [];
  // A password, or a query that holds an @: nobody knows.
  if (isAddress && query !== -1 && text.lastIndexOf('@') > query) return printableName(scheme + MASK);
  const shown = isAddress
    ? scheme + text.slice(scheme.length).replace(/^.*@/s, `${MASK}@`)
    : text.replace(/\/\/[^/?#]*@/g, `//${MASK}@`);
  return printableName(shown.replace(/([?#]).*$/s, `$1${MASK}`));
}

function stateOfSecret(entry: Entry, env: Environment): string {
  try {
    if (isReferenceEntry(entry) && entry.value.from === 'command') return SET;
    const isSet = isReferenceEntry(entry) ? findReferred(entry.value, env) !== undefined : !isEmpty(entry.value);
    return isSet ? SET : NOT_SET;
  } catch {
    // The file says what is wrong with it when its secret is needed.
    return 'cannot be read';
  }
}
