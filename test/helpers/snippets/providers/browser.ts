import type { Authorize } from 'authwire/oauth';

/** A browser in which the user is signed in and agrees to everything. */
export const browser: Authorize = async ({ url }) =>
  (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
