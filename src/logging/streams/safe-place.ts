/** How far to the left a better place is looked for. */
const FARTHEST = 256;
/** The length of the longest escape that is doubled: `%25u00e4`, `\\\\u00e4`. */
const LONGEST_ESCAPE = 12;

/** The place, or one to the left of it that cuts no word; where the words are too long, none that cuts an escape. */
export function safePlace(text: string, place: number): number {
  const before = text.slice(Math.max(0, place - FARTHEST), place);
  const [after] = /\S*$/.exec(before) ?? [''];
  if (after.length < before.length) return place - after.length;
  const [last] = /[%\\&][^%\\&]*$/.exec(before.slice(-LONGEST_ESCAPE)) ?? [''];
  return wholeCharacter(text, place - firstOfRow(before, last));
}

/** The length of the escape and of those that stand right before it, which may be its own. */
function firstOfRow(before: string, last: string): number {
  if (last === '') return 0;
  let { length } = last;
  while (/[%\\&]/.test(before.charAt(before.length - length - 1))) length += 1;
  return length;
}

function wholeCharacter(text: string, place: number): number {
  const isLow = /[\uDC00-\uDFFF]/.test(text.charAt(place));
  return isLow && /[\uD800-\uDBFF]/.test(text.charAt(place - 1)) ? place - 1 : place;
}
