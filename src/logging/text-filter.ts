import { isSecret, MASK, reveal, type Secret } from '../secret.ts';
import { formerValues } from './former-values.ts';
import { formsOf, SHORTEST_FORM } from './forms/forms-of.ts';
import { maskText, type Replace, spansToMask } from './mask-text.ts';
import { FormIndex } from './match/form-index.ts';
import { processWide } from './process-wide.ts';
import type { Span } from './spans.ts';
import { textOf } from './text-of.ts';
import { warnOfWeakSecret } from './weak-secret.ts';

/** Options of a credential filter. */
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

/**
 * Knows secrets by key, and takes them out of text: what all of authwire needs of a filter. Objects, streams and text that
 * must stay JSON are what log programs need on top of it, so that authenticators and adapters stay small.
 */
export interface TextFilter {
  /** Masks `value` from now on. The same key replaces; an empty value only removes. */
  updateSecret(key: string, value: string | Secret): void;
  /** Forgets the key's secret once the grace period is over. */
  removeSecret(key: string): void;
  /** The text with every known secret masked, however it is encoded. Never throws; masking twice changes nothing. */
  mask(text: string): string;
  /** @internal The same with a way of its own to put the mask there, such as one that keeps JSON whole. */
  maskBy(text: string, replace: Replace): string;
  /** @internal Where a mask is needed, in order. */
  findSpans(text: string): readonly Span[];
  /** @internal The place, or one to the left of it where no secret of several lines is cut, not even an unfinished one. */
  outsideOfLines(text: string, place: number): number;
  /** @internal The length of the longest form that is masked. */
  longestForm(): number;
}

/** Makes a filter of text. */
export function createTextFilter(options: CredentialFilterOptions = {}): TextFilter {
  const { mask = MASK, graceMs = 300_000, now = () => Date.now(), onWeakSecret = warnOfWeakSecret } = options;
  const index = new FormIndex();
  const keys = new Map<string, string>();
  const former = formerValues(graceMs, now, (value) => {
    for (const form of formsOf(value).values()) index.remove(form);
  });

  function replace(key: string, next: string): void {
    former.purge();
    const last = keys.get(key);
    if (last === next) return;
    if (next === '') keys.delete(key);
    else {
      for (const form of formsOf(next).values()) index.add(form);
      keys.set(key, next);
    }
    if (last !== undefined) former.add(last);
    if (isWeak(next)) onWeakSecret(key);
  }
  /** What fails to be searched, because it is too long for instance, is masked as a whole. */
  function maskBy(text: string, replace?: Replace): string {
    former.purge();
    try {
      return maskText(textOf(text), index, mask, replace);
    } catch {
      return mask;
    }
  }
  function findSpans(text: string): readonly Span[] {
    former.purge();
    try {
      return spansToMask(text, index, mask);
    } catch {
      return [];
    }
  }

  return Object.freeze<TextFilter>({
    updateSecret: (key, value) => replace(key, isSecret(value) ? reveal(value) : textOf(value)),
    removeSecret: (key) => replace(key, ''),
    mask: (text) => maskBy(text),
    maskBy,
    findSpans,
    outsideOfLines: (text, place) => index.outsideOfLines(text, place),
    longestForm: () => index.longest,
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
export const textFilter: TextFilter = /* @__PURE__ */ processWide(() => createTextFilter());
