/** At most so many characters, none of them cut in half. Mask first: half a secret would not be recognised. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3).replace(/[\ud800-\udbff]$/, '')}…` : text;
}
