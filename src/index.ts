/**
 * authwire's core: it runs anywhere, and knows no client. The adapters have entry points of their own: `authwire/axios`,
 * `/got`, `/ky`, `/fetch` and `/undici`; so has logging: `authwire/logging`.
 */

export { AuthApiKey, type AuthApiKeyOptions } from './authenticators/api-key.ts';
export { AuthBasic, type AuthBasicOptions } from './authenticators/basic.ts';
export { AuthBearer, type AuthBearerOptions } from './authenticators/bearer.ts';
export { type BuildAuthenticatorOptions, buildAuthenticator, knownAuthenticators } from './authenticators/build.ts';
export {
  AuthForward,
  type AuthForwardOptions,
  type IncomingLike,
  type IncomingSource,
} from './authenticators/forward.ts';
export { AuthJwt, type AuthJwtOptions } from './authenticators/jwt.ts';
export { AuthNone } from './authenticators/none.ts';
export { AuthOAuth2, type AuthOAuth2Options } from './authenticators/oauth2.ts';
export { AuthQuery, type AuthQueryOptions } from './authenticators/query.ts';
export { AuthToken, type AuthTokenOptions } from './authenticators/token.ts';
export { type Challenge, parseChallenges } from './challenge/parse.ts';
export {
  AuthError,
  type AuthErrorCode,
  AuthenticationError,
  ChallengeError,
  ConfigurationError,
  CredentialError,
  isAuthError,
  LoginRequiredError,
  StepUpRequiredError,
  StoreError,
  TokenEndpointError,
  type TokenEndpointErrorKind,
} from './errors.ts';
export type { CredentialFields } from './fields/credential-fields.ts';
export { buildWith } from './lifecycle/build.ts';
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
export { type AuthenticatorClass, addAuth, type BuildOptions } from './lifecycle/registry.ts';
export type { AdapterOptions } from './lifecycle/wiring.ts';
export type { BasicEncoding } from './oauth/basic-credentials.ts';
export type { ClientAuthentication } from './oauth/client-authentication.ts';
export { Dpop, type DpopOption, type DpopOptions } from './oauth/dpop.ts';
export type { DpopAlgorithm, DpopKeyOptions } from './oauth/dpop-key.ts';
export { type ClientCredentialsOptions, clientCredentials } from './oauth/grants/client-credentials.ts';
export { type RefreshTokenOptions, refreshToken } from './oauth/grants/refresh-token.ts';
export { type ResourceOwnerPasswordOptions, resourceOwnerPassword } from './oauth/grants/resource-owner-password.ts';
export { ResourceAuthenticator, type ResourceAuthenticatorOptions } from './oauth/resource-authenticator.ts';
export type { StepUpAnswer, StepUpHandler } from './oauth/step-ups.ts';
export { reveal, Secret, type SecretOption, secret } from './secret.ts';
export { MemoryTokenStore } from './tokens/memory-store.ts';
export { staticToken, type TokenFunction } from './tokens/sources.ts';
export type { Lease, StoredToken, TokenStore, WriteResult } from './tokens/store.ts';
export type { Demand, ProofOfPossession, RenewalReason, Token, TokenRequest, TokenSource } from './tokens/token.ts';
export { TokenAuthenticator, type TokenAuthenticatorOptions } from './tokens/token-authenticator.ts';
export { TokenCache } from './tokens/token-cache.ts';
export type { RenewalFailure, TokenCacheOptions } from './tokens/token-cache-options.ts';
export type { TokenInput } from './tokens/token-input.ts';
