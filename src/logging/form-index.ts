import { SHORTEST_FORM } from './credential-forms.ts';
import { occurrences, type Span } from './spans.ts';

const SLOTS = 1 << 14;

/**
 * Finds many literals in one pass over a text. A form is filed under its last four characters, because prefixes are
 * what secrets share (`eyJhbGciOi`, `sk_live_`); while the text runs through a window of four characters, a small table says
 * for nearly every place that nothing ends here. What is filed is kept in private fields, out of every inspector's
 * reach, and counted, so that two secrets may have a form in common.
 */
export class FormIndex {
  readonly #counts = new Map<string, number>();
  readonly #byEnding = new Map<number, string[]>();
  readonly #short = new Set<string>();
  /** How many endings share a slot: 32 kB, small enough to stay in the processor's first cache. */
  readonly #slots = new Uint16Array(SLOTS);

  add(form: string): void {
    const count = this.#counts.get(form) ?? 0;
    this.#counts.set(form, count + 1);
    if (count > 0) return;
    if (form.length < SHORTEST_FORM) this.#short.add(form);
    else this.#file(form);
  }

  remove(form: string): void {
    const count = this.#counts.get(form) ?? 0;
    if (count > 1) this.#counts.set(form, count - 1);
    if (count !== 1) return;
    this.#counts.delete(form);
    if (!this.#short.delete(form)) this.#unfile(form);
  }

  /** Every hit in the text, in no particular order. */
  find(text: string): Span[] {
    const hits: Span[] = [];
    if (this.#counts.size === 0) return hits;
    let window = 0;
    for (let i = 0; i < text.length; i += 1) {
      window = (window << 8) ^ text.charCodeAt(i);
      if (this.#slots[slotOf(window)] !== 0) this.#collect(text, i + 1, window, hits);
    }
    for (const form of this.#short) {
      for (const span of occurrences(text, form)) if (isWholeToken(text, span)) hits.push(span);
    }
    return hits;
  }

  #collect(text: string, end: number, window: number, hits: Span[]): void {
    for (const form of this.#byEnding.get(window) ?? []) {
      const start = end - form.length;
      if (start >= 0 && text.startsWith(form, start)) hits.push({ start, end });
    }
  }

  #file(form: string): void {
    const ending = endingOf(form);
    const forms = this.#byEnding.get(ending);
    if (forms) forms.push(form);
    else {
      this.#byEnding.set(ending, [form]);
      this.#count(ending, 1);
    }
  }

  #unfile(form: string): void {
    const ending = endingOf(form);
    const rest = (this.#byEnding.get(ending) ?? []).filter((other) => other !== form);
    if (rest.length > 0) this.#byEnding.set(ending, rest);
    else {
      this.#byEnding.delete(ending);
      this.#count(ending, -1);
    }
  }

  #count(ending: number, change: 1 | -1): void {
    const slot = slotOf(ending);
    this.#slots[slot] = (this.#slots[slot] ?? 0) + change;
  }
}

/** The window as it stands after the form's last character: a 32-bit number holds the last four. */
function endingOf(form: string): number {
  let window = 0;
  for (let i = form.length - SHORTEST_FORM; i < form.length; i += 1) window = (window << 8) ^ form.charCodeAt(i);
  return window;
}

function slotOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> 18;
}

function isWholeToken(text: string, { start, end }: Span): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 2);
  return !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
}
