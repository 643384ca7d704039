import { apiKey } from './api-key.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { digest } from './digest.ts';
import { forward } from './forward.ts';
import { jwt } from './jwt.ts';
import { none } from './none.ts';
import { oauth2 } from './oauth2.ts';
import { openStack } from './openstack.ts';
import { query } from './query.ts';
import type { AuthenticatorClass } from './registry.ts';
import { token } from './token.ts';

/** The authenticators that a configuration can name without `addAuth`. */
export const BUILT_IN: readonly AuthenticatorClass[] = [
  none,
  basic,
  digest,
  apiKey,
  query,
  bearer,
  jwt,
  forward,
  token,
  oauth2,
  openStack,
];
