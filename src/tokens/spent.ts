const spent = new WeakSet<object>();

/** Marks what went wrong after the server had answered with a token: the refresh token that was sent is used up. */
export function markSpent(error: unknown): void {
  if (typeof error === 'object' && error !== null) spent.add(error);
}

export function isSpent(error: object): boolean {
  return spent.has(error);
}
