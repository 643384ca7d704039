import { isSecret, MASK, reveal, type Secret } from '../secret.ts';
import { formerValues } from './former-values.ts';
import { formsOf, SHORTEST_FORM } from './forms/forms-of.ts';
import { maskText } from './mask-text.ts';
import { FormIndex } from './match/form-index.ts';
import { processWide } from './process-wide.ts';
import { textOf } from './text-of.ts';
import { warnOfWeakSecret } from './weak-secret.ts';

/** Options of {@link createCredentialFilter}. */
export interface CredentialFilterOptions {
  /** What stands where a secret stood. Default: `*****`. */
  readonly mask?: string;
  /** How long the former value of a key stays masked, because late lines happen. Default: 300,000 (five minutes). */
  readonly graceMs?: number;
  /**
   * Told the key of each secret that is shorter than 4 characters: such a value is masked as a whole token only, and
   * never where it is encoded. Default: one warning of the process.
   */
  readonly onWeakSecret?: (key: string) => void;
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

/**
 * Makes a filter that masks the secrets it is told, in every encoding that they commonly turn up in.
 *
 * @example
 * const filter = createCredentialFilter();
 * filter.updateSecret('password', 'open sesame');
 * filter.mask('GET /?p=open%20sesame'); // 'GET /?p=*****'
 */
export function createCredentialFilter(options: CredentialFilterOptions = {}): CredentialFilter {
  const { mask = MASK, graceMs = 300_000, now = () => Date.now(), onWeakSecret = warnOfWeakSecret } = options;
  const index = new FormIndex();
  const keys = new Map<string, string>();
  const former = formerValues(graceMs, now, (value) => {
    for (const form of formsOf(value).values()) index.remove(form);
  });

  function replace(key: string, next: string): void {
    const last = keys.get(key);
    if (last === next) return;
    if (next === '') keys.delete(key);
    else {
      for (const form of formsOf(next).values()) index.add(form);
      keys.set(key, next);
    }
    if (last !== undefined) former.add(last);
  }

  return Object.freeze<CredentialFilter>({
    updateSecret(key, value) {
      former.purge();
      const text = isSecret(value) ? reveal(value) : textOf(value);
      replace(key, text);
      if (isWeak(text)) onWeakSecret(key);
    },
    removeSecret(key) {
      former.purge();
      replace(key, '');
    },
    mask(text) {
      former.purge();
      try {
        return maskText(textOf(text), index, mask);
      } catch {
        // Too long, for instance. What could not be searched is not shown.
        return mask;
      }
    },
  });
}

function isWeak(value: string): boolean {
  const { length } = value.trim();
  return length > 0 && length < SHORTEST_FORM;
}

/**
 * The filter of this process. Every authenticator registers its secrets here the moment it learns them. It is shared
 * by all copies of authwire that are installed; the keys are each copy's own.
 */
export const credentialFilter: CredentialFilter = /* @__PURE__ */ processWide(() => createCredentialFilter());
