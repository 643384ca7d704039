import { joinOptions } from '../options.ts';
import { isSecret, MASK, reveal, type Secret } from '../secret.ts';
import { maskWords } from '../secrets/fall-back.ts';
import { type MaskingEngine, registry } from '../secrets/registry.ts';
import { SecretStore } from '../secrets/secret-store.ts';
import { SHORTEST_FORM } from './forms/forms-of.ts';
import { jsonLeaves } from './forms/json-leaves.ts';
import { maskText, type Replace, spansToMask } from './mask-text.ts';
import { LazyIndex } from './match/lazy-index.ts';
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
  const onChange = (value: string, key: string) => search.changed(value, key);
  const store = new SecretStore(joinOptions(options, { onChange }));
  const search = searchOf(store, options);
  return filterOf(store, search);
}

/** What a filter does with texts, on top of a store of secrets; as an engine, other copies of this file know it, too. */
type Search = Omit<TextFilter, 'updateSecret' | 'removeSecret'> & MaskingEngine;

function searchOf(
  store: SecretStore,
  { mask = MASK, onWeakSecret = warnOfWeakSecret }: CredentialFilterOptions = {},
): Search {
  const forms = new LazyIndex(store);
  // Registering a secret must not fail because of what a listener does.
  const warn = async (key: string) => onWeakSecret(key);

  /** What fails to be searched, because it is too long for instance, is masked as a whole. */
  function maskBy(given: string, replace?: Replace): string {
    try {
      const text = textOf(given);
      const masked = maskText(text, forms.upToDate(), mask, replace);
      return store.overflow > 0 ? maskWords(masked) : masked;
    } catch {
      return mask;
    }
  }
  function findSpans(text: string): readonly Span[] {
    try {
      return spansToMask(text, forms.upToDate(), mask);
    } catch {
      return [];
    }
  }
  return {
    changed(value, key) {
      forms.changed(value);
      if (isWeak(value) && store.has(value)) warn(key).catch(() => undefined);
    },
    mask: (text) => maskBy(text),
    maskBy,
    findSpans,
    outsideOfLines: (text, place) => forms.upToDate().outsideOfLines(text, place),
    longestForm: () => forms.upToDate().longest,
  };
}

/** The keys are the filter's own: a key that meant two secrets would unmask one of them. */
function filterOf(store: SecretStore, search: Omit<Search, 'changed'>): TextFilter {
  const owner = {};
  /** How many leaves of a JSON document stand beside a key's value. */
  const leaves = new Map<string, number>();
  const update = (key: string, value: string) => {
    store.set(owner, key, value);
    const found = jsonLeaves(value);
    for (let n = 0; n < Math.max(found.length, leaves.get(key) ?? 0); n += 1) {
      store.set(owner, `${key}\0${n}`, found[n] ?? '');
    }
    if (found.length > 0) leaves.set(key, found.length);
    else leaves.delete(key);
  };
  return Object.freeze<TextFilter>({
    ...search,
    updateSecret: (key, value) => update(key, isSecret(value) ? reveal(value) : textOf(value)),
    removeSecret: (key) => update(key, ''),
  });
}

function isWeak(value: string): boolean {
  const { length } = value.trim();
  return length > 0 && length < SHORTEST_FORM;
}

/**
 * Plugs the engine in, from where everything that authwire prints is masked by it. The engine of the first copy serves all of
 * them: the forms of a secret are made once.
 */
export function plugIn(): Search {
  const found = registry.engine as Partial<Search> | undefined;
  if (typeof found?.findSpans === 'function') return found as Search;
  const made = Object.freeze(searchOf(registry.store));
  registry.engine = made;
  return made;
}

/**
 * The filter of this process. Every authenticator registers its secrets here the moment it learns them. It is shared
 * by all copies of authwire that are installed; the keys are each copy's own.
 */
export const textFilter: TextFilter = filterOf(registry.store, plugIn());
