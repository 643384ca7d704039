import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ErrorText, errorTexts } from '../helpers/error-texts.ts';

/** The part of docs/errors.md that is about one id. */
interface Section {
  readonly id: string;
  readonly texts: readonly string[];
  /** What it means and what to do; the classes stand at its beginning. */
  readonly prose: string;
}

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const sections = page.split(/^### /m).slice(1).map(sectionOf);
let written: readonly ErrorText[] = [];

beforeAll(() => {
  written = errorTexts();
}, 60_000);

function sectionOf(text: string): Section {
  const [heading = '', block = '', prose = ''] = text.split(/\n```(?:text)?\n/);
  return { id: heading.trim(), texts: block.split('\n'), prose: (prose.split('\n## ')[0] ?? '').trim() };
}

describe('docs/errors.md', () => {
  it('has an id of its own for each section', () => {
    const ids = sections.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z]+(?:-[a-z]+)*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lists every text of an error in src once, and no other', () => {
    const listed = sections.flatMap(({ texts }) => texts);
    const found = written.map(({ text }) => text);
    expect({
      missing: found.filter((text) => !listed.includes(text)),
      vanished: listed.filter((text) => !found.includes(text)),
      twice: listed.filter((text, index) => listed.indexOf(text) !== index),
    }).toEqual({ missing: [], vanished: [], twice: [] });
  });

  it('names the classes of the errors, and says what they mean and what to do', () => {
    for (const { id, texts, prose } of sections) {
      const classes = new Set(written.filter(({ text }) => texts.includes(text)).flatMap((one) => one.classes));
      const shown = [...classes]
        .sort()
        .map((name) => `\`${name}\``)
        .join(', ');
      expect(prose.replace(/\s+/g, ' '), id).toMatch(new RegExp(`^${shown}\\. .{20}`));
    }
  });
});

describe('the texts of errors', () => {
  it('are collected', () => {
    expect(written.length).toBeGreaterThan(300);
  });

  it('name no cause that only error.cause holds', () => {
    expect(written.filter(({ text }) => /the cause says why/i.test(text)).map(({ text }) => text)).toEqual([]);
  });
});
