/** The text of what callers without types pass. A wrapped secret gives its mask. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return String((value as string | null | undefined) ?? '');
  } catch {
    return '';
  }
}
