import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import { func, type Kind, milliseconds, type Shape, text } from '../options.ts';
import { KEEP, type SharedTokenStore } from './keeping.ts';
import type { Token } from './token.ts';
import type { TokenAuthenticatorOptions } from './token-authenticator.ts';
import type { TokenCacheOptions } from './token-cache-options.ts';

const store: Kind = {
  wanted: 'a token store, of authwire or your own as in store: tokenStore(yours)',
  test: (value) => typeof (value as Partial<SharedTokenStore> | null)?.[KEEP] === 'function',
};

const token: Kind = {
  wanted: 'an object with an accessToken',
  test: (value) => Boolean((value as Partial<Token> | null)?.accessToken),
};

const count: Kind = {
  wanted: 'a whole number, 1 or more',
  test: (value) => Number.isInteger(value) && Number(value) > 0,
};

/** The kinds of the cache's options, without those that an authenticator sets itself. */
export const cacheShape: Shape<Omit<TokenCacheOptions, 'check' | 'log'>> = {
  token,
  skewMs: milliseconds,
  refreshAheadMs: milliseconds,
  deadlineMs: milliseconds,
  refreshDeadlineMs: milliseconds,
  replayWindowMs: milliseconds,
  timeToNextRequestMs: milliseconds,
  tries: count,
  store,
  storeKey: text,
  onToken: func,
  onRenewalFailed: func,
  waitUntil: func,
  now: func,
  monotonic: func,
  random: func,
};

/** The kinds of the options of all authenticators that keep a token. */
export const tokenShape: Shape<TokenAuthenticatorOptions> = {
  ...authenticatorShape,
  ...cacheShape,
  header: text,
  format: text,
};
