/** How far before the mark the text may end. */
const FARTHEST = 8;

/** Is the text cut anywhere but at its end? */
export function isCutWithin(text: string): boolean {
  return text.includes('\n') || text.includes('...') || text.includes('…');
}

/** Where the text is cut, in order: before `…` and `...`, at the end of each line and of the whole. */
export function truncationsIn(text: string): number[] {
  const cuts: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    cuts.push(text.charCodeAt(at - 1) === 0x0d ? at - 1 : at);
  }
  cuts.push(text.length);
  const lineEnds = cuts.length;
  for (const mark of ['…', '...']) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
      cuts.push(at, ...quotesBefore(text, at));
    }
  }
  return cuts.length === lineEnds ? cuts : cuts.sort((a, b) => a - b);
}

/** Inspectors close what they have opened before they say that there is more: `'abc'... 5 more`, `1, 2, ... 5 more`. */
function quotesBefore(text: string, mark: number): number[] {
  let at = mark;
  while (at > mark - FARTHEST && /["'`,\s]/.test(text.charAt(at - 1))) at -= 1;
  return at < mark ? [at] : [];
}
