/**
 * authwire's core: it runs anywhere, and knows no client. The adapters have entry points of their own: `authwire/axios`,
 * `/got`, `/ky`, `/fetch` and `/undici`; so have the larger schemes (`authwire/oauth`, `/digest`, `/openstack`), logging
 * (`authwire/logging`) and authenticators from configurations (`authwire/fields`).
 */

export { AuthApiKey, type AuthApiKeyOptions } from './authenticators/api-key.ts';
export { AuthBasic, type AuthBasicOptions } from './authenticators/basic.ts';
export { AuthBearer, type AuthBearerOptions } from './authenticators/bearer.ts';
export { AuthByChallenge, type AuthByChallengeOptions, type ChallengeSchemes } from './authenticators/by-challenge.ts';
export {
  AuthByOrigin,
  type AuthByOriginOptions,
  type OriginRoutes,
  type RouteOrigins,
} from './authenticators/by-origin.ts';
export {
  IncomingCredentialError,
  type IncomingCredentialErrorReason,
} from './authenticators/forward/incoming-credential-error.ts';
export { type Unauthorized, type UnauthorizedOptions, unauthorized } from './authenticators/forward/unauthorized.ts';
export {
  AuthForward,
  type AuthForwardOptions,
  type IncomingLike,
  type IncomingSource,
} from './authenticators/forward.ts';
export { AuthJwt, type AuthJwtOptions } from './authenticators/jwt.ts';
export { AuthNone } from './authenticators/none.ts';
export { AuthQuery, type AuthQueryOptions } from './authenticators/query.ts';
export { AuthToken, type AuthTokenOptions } from './authenticators/token.ts';
export { type Challenge, parseChallenges } from './challenge/parse.ts';
export {
  AuthError,
  type AuthErrorCode,
  AuthenticationError,
  type AvailableEndpoint,
  ChallengeError,
  ConfigurationError,
  CredentialError,
  EndpointNotFoundError,
  isAuthError,
  LoginRequiredError,
  MultiFactorRequiredError,
  StepUpRequiredError,
  StoreError,
  TokenEndpointError,
  type TokenEndpointErrorKind,
} from './errors.ts';
export type { AuthCallOptions, RefusedWhen, Resend } from './lifecycle/call-options.ts';
export {
  type AuthContext,
  Authenticator,
  type AuthenticatorOptions,
  type AuthHeaders,
  type AuthRequest,
  type AuthResponse,
  type Refusal,
  type Verdict,
} from './lifecycle/contract.ts';
export type { HeaderPolicy } from './lifecycle/headers.ts';
export type { Origins } from './lifecycle/origins.ts';
export type { AdapterOptions } from './lifecycle/wiring.ts';
export type { BasicEncoding } from './oauth/basic-credentials.ts';
export { reveal, Secret, type SecretOption, secret } from './secret.ts';
export { type FirstOfOptions, firstOf } from './tokens/first-of.ts';
export type { SharedTokenStore } from './tokens/keeping.ts';
export { MemoryTokenStore } from './tokens/memory-store.ts';
export { type RefreshFunction, withRefreshTokens } from './tokens/refresh-tokens.ts';
export { type SimpleTokenStoreOptions, simpleTokenStore } from './tokens/simple-token-store.ts';
export { staticToken, type TokenFunction, type TokenFunctionRequest } from './tokens/sources.ts';
export type { Ended, InUse, Lease, StoredToken, TokenRecord, TokenStore, WriteResult } from './tokens/store.ts';
export type {
  Demand,
  LooseToken,
  ProofOfPossession,
  RenewalReason,
  RetryLimits,
  SourceIdentity,
  Token,
  TokenRequest,
  TokenSource,
} from './tokens/token.ts';
export { TokenAuthenticator, type TokenAuthenticatorOptions } from './tokens/token-authenticator.ts';
export { TokenCache } from './tokens/token-cache.ts';
export type { RenewalFailure, TokenCacheOptions } from './tokens/token-cache-options.ts';
export type { TokenAnswer, TokenInput } from './tokens/token-input.ts';
export { tokenStore } from './tokens/token-store.ts';
