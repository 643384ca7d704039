/** Characters to look for, by code; none beyond ASCII. */
export function charSet(chars: string): Uint8Array {
  const set = new Uint8Array(128);
  for (const char of chars) set[char.charCodeAt(0)] = 1;
  return set;
}

/** Where the next run of at least `least` characters of the set begins, or -1. Looks at one in `least` at best. */
export function findRun(text: string, set: Uint8Array, least: number, from: number, until = text.length): number {
  let start = from;
  while (start + least <= until) {
    let at = start + least - 1;
    while (at >= start && set[text.charCodeAt(at)] === 1) at -= 1;
    if (at < start) return start;
    start = at + 1;
  }
  return -1;
}

/** Where the run that stands at `start` ends. */
export function endOfRun(text: string, set: Uint8Array, start: number, until = text.length): number {
  let end = start;
  while (end < until && set[text.charCodeAt(end)] === 1) end += 1;
  return end;
}
