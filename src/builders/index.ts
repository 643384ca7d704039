/**
 * Authenticators from configurations: flat credential fields, a builder for each scheme, and classes of your own.
 */

import { hintAt } from '../fields/nearest.ts';
import { spelling } from '../options.ts';

// package.json lists this file under `sideEffects`.
spelling.hint = hintAt;

export type { CredentialFields } from '../fields/credential-fields.ts';
export { apiKeyOptions } from './api-key.ts';
export { basicOptions } from './basic.ts';
export { bearerArguments } from './bearer.ts';
export { type BuildAuthenticatorOptions, buildAuthenticator, knownAuthenticators } from './build-authenticator.ts';
export { buildWith } from './build-with.ts';
export { digestOptions } from './digest.ts';
export { type ForwardBuildOptions, forwardOptions } from './forward.ts';
export { jwtOptions } from './jwt.ts';
export { noneOptions } from './none.ts';
export { oauth2Arguments } from './oauth2.ts';
export { keystoneOptions } from './openstack.ts';
export { queryOptions } from './query.ts';
export { type AuthenticatorClass, addAuth, type BuildOptions } from './registry.ts';
export { tokenOptions } from './token.ts';
export type { TokenBuildOptions } from './token-options.ts';
