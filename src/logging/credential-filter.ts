import { isSecret, MASK, reveal, type Secret } from '../secret.ts';
import { formsOf } from './credential-forms.ts';
import { FormIndex } from './form-index.ts';
import { processWide } from './process-wide.ts';
import { mergeSpans, occurrences, replaceSpans, sparingIslands } from './spans.ts';

/** Options of {@link createCredentialFilter}. */
export interface CredentialFilterOptions {
  /** What stands where a secret stood. Default: `*****`. */
  readonly mask?: string;
  /** How long the former value of a key stays masked, because late lines happen. Default: 300,000 (five minutes). */
  readonly graceMs?: number;
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Knows secrets by key, and takes them out of text. */
export interface CredentialFilter {
  /** Masks `value` from now on. The same key replaces; an empty value only removes. */
  updateSecret(key: string, value: string | Secret): void;
  /** Forgets the key's secret once the grace period is over. */
  removeSecret(key: string): void;
  /** The text with every known secret masked, however it is encoded. Never throws; masking twice changes nothing. */
  mask(text: string): string;
}

/** Former values beyond this many are forgotten before their time, so that a storm of rotations cannot fill the memory. */
const MOST_FORMER_VALUES = 1000;
/** A mask may complete another secret (`a*****b`), so the result is masked again; hostile secrets get no more passes. */
const MOST_PASSES = 8;

/**
 * Makes a filter that masks the secrets it is told: raw, trimmed, in base64, percent-encoded and JSON-escaped. Values
 * shorter than 4 characters are masked as whole tokens only.
 *
 * @example
 * const filter = createCredentialFilter();
 * filter.updateSecret('password', 'open sesame');
 * filter.mask('GET /?p=open%20sesame'); // 'GET /?p=*****'
 */
export function createCredentialFilter(options: CredentialFilterOptions = {}): CredentialFilter {
  const { mask = MASK } = options;
  const index = new FormIndex();
  const keys = new Map<string, string>();
  const former = formerValues(options, (value) => {
    for (const form of formsOf(value)) index.remove(form);
  });

  function replace(key: string, next: string): void {
    const last = keys.get(key);
    if (last === next) return;
    if (next === '') keys.delete(key);
    else {
      for (const form of formsOf(next)) index.add(form);
      keys.set(key, next);
    }
    if (last !== undefined) former.add(last);
  }

  return Object.freeze<CredentialFilter>({
    updateSecret(key, value) {
      former.purge();
      replace(key, isSecret(value) ? reveal(value) : textOf(value));
    },
    removeSecret(key) {
      former.purge();
      replace(key, '');
    },
    mask(text) {
      former.purge();
      return maskAll(textOf(text), index, mask);
    },
  });
}

/** Values that keys no longer have, oldest first, each with the time when it may be forgotten. */
function formerValues(options: CredentialFilterOptions, forget: (value: string) => void) {
  const { graceMs = 300_000, now = () => Date.now() } = options;
  const until = new Map<string, number>();

  function drop(value: string): void {
    if (until.delete(value)) forget(value);
  }
  function purge(): void {
    if (until.size === 0) return;
    const time = now();
    for (const [value, end] of until) {
      if (end > time && until.size <= MOST_FORMER_VALUES) return;
      drop(value);
    }
  }
  function add(value: string): void {
    drop(value);
    until.set(value, now() + graceMs);
    purge();
  }
  return { add, purge };
}

/** The text of what callers without types pass. A wrapped secret gives its mask. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return String((value as string | null | undefined) ?? '');
  } catch {
    return '';
  }
}

function maskAll(text: string, index: FormIndex, mask: string): string {
  let result = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const hits = mergeSpans(index.find(result));
    if (hits.length === 0) return result;
    // What is a mask already stays one, even when `*` is a secret.
    const spans = sparingIslands(hits, mergeSpans(occurrences(result, mask)));
    if (spans.length === 0) return result;
    result = replaceSpans(result, spans, mask);
  }
  return result;
}

/**
 * The filter of this process. Every authenticator registers its secrets here the moment it learns them. It is shared
 * by all copies of authwire that are installed; the keys are each copy's own.
 */
export const credentialFilter: CredentialFilter = /* @__PURE__ */ processWide(() => createCredentialFilter());
