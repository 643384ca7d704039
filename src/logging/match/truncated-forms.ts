import { firstIndex, type Span } from '../spans.ts';
import { GRAM, gramAt } from './gram.ts';
import { GramSet } from './gram-set.ts';
import { SkipTable } from './skip-table.ts';
import { isCutWithin, truncationsIn } from './truncations.ts';

/** Shorter beginnings are hints, which people want to see: `ghp_…`. */
const SHORTEST = 12;
const LEAST_SHARE = 0.4;
/** Forms with the same beginning that are looked at; more of them than this are one secret's neighbours. */
const MOST_ALIKE = 64;

/**
 * Finds the beginnings of forms where somebody has cut the text: before `…`, before `...`, at the end of a line. Such a
 * beginning is masked from 12 characters and 40 % of the form on, so every hit holds these in full: they are what is
 * filed, and they are looked for only in texts whose cut place looks like the inside of a form.
 */
export class TruncatedForms {
  readonly #byBeginning = new Map<string, Set<string>>();
  readonly #table = new SkipTable(SHORTEST);
  #grams = new GramSet();

  add(form: string): void {
    const beginning = beginningOf(form);
    if (beginning === undefined) return;
    const forms = this.#byBeginning.get(beginning);
    if (forms !== undefined) forms.add(form);
    else {
      this.#byBeginning.set(beginning, new Set([form]));
      this.#table.add(beginning);
    }
    if (this.#grams.add(form)) this.#refill();
  }

  remove(form: string): void {
    const beginning = beginningOf(form);
    const forms = beginning === undefined ? undefined : this.#byBeginning.get(beginning);
    if (beginning === undefined || !forms?.delete(form)) return;
    if (forms.size === 0) {
      this.#byBeginning.delete(beginning);
      this.#table.remove(beginning);
    }
  }

  find(text: string, spans: Span[]): void {
    if (this.#byBeginning.size === 0 || text.length < SHORTEST) return;
    // Nearly always there is only the end.
    if (!isCutWithin(text) && !this.#mayCutAForm(text, text.length)) return;
    const likely = truncationsIn(text).filter((cut) => this.#mayCutAForm(text, cut));
    if (likely.length === 0) return;
    const found: Span[] = [];
    this.#table.find(text, found);
    for (const span of found) {
      const next = firstIndex(likely, (cut) => cut >= span.end);
      const end = likely[next];
      const { start } = span;
      // No beginning of a form: the text took too long.
      if (!this.#byBeginning.has(text.slice(start, span.end))) spans.push(span);
      else if (end !== undefined && this.#reaches(text, span, end)) {
        spans.push({ start, end: this.#farthest(text, span, likely, next) });
      }
    }
  }

  /** A secret of several lines holds line ends itself: the last of them up to which it stands there. */
  #farthest(text: string, span: Span, cuts: readonly number[], first: number): number {
    let last = first;
    for (let step = 1; step > 0; ) {
      const cut = cuts[last + step];
      if (cut !== undefined && this.#reaches(text, span, cut)) {
        last += step;
        step *= 2;
      } else step >>= 1;
    }
    return cuts[last] as number;
  }

  /** Do the twelve characters before the cut look like the inside of a form? Nearly always not, and that is quick to say. */
  #mayCutAForm(text: string, cut: number): boolean {
    for (let at = cut - SHORTEST; at < cut; at += GRAM) {
      if (at < 0 || !this.#grams.has(gramAt(text, at))) return false;
    }
    return true;
  }

  #reaches(text: string, { start, end }: Span, cut: number): boolean {
    const shown = text.slice(start, cut);
    let tries = 0;
    for (const form of this.#byBeginning.get(text.slice(start, end)) ?? []) {
      if (form.startsWith(shown)) return true;
      tries += 1;
      if (tries === MOST_ALIKE) break;
    }
    return false;
  }

  #refill(): void {
    const forms = [...this.#byBeginning.values()].flatMap((alike) => [...alike]);
    this.#grams = new GramSet(forms.reduce((sum, form) => sum + form.length, 0));
    for (const form of forms) this.#grams.add(form);
  }
}

/** What must be seen of a form to be masked when the rest is cut off. None for a form that is too short to cut. */
function beginningOf(form: string): string | undefined {
  const length = Math.max(SHORTEST, Math.ceil(LEAST_SHARE * form.length));
  return length < form.length ? form.slice(0, length) : undefined;
}
