/**
 * authwire's core: it runs anywhere, and knows no client. The adapters have entry points of their own: `authwire/axios`,
 * `/got`, `/ky`, `/fetch` and `/undici`; so have logging (`authwire/logging`) and authenticators from configurations
 * (`authwire/fields`).
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
export { AuthDigest, type AuthDigestOptions } from './authenticators/digest.ts';
export {
  AuthForward,
  type AuthForwardOptions,
  type IncomingLike,
  type IncomingSource,
} from './authenticators/forward.ts';
export { AuthJwt, type AuthJwtOptions } from './authenticators/jwt.ts';
export { AuthNone } from './authenticators/none.ts';
export { AuthOAuth2, type AuthOAuth2Options } from './authenticators/oauth2.ts';
export { AuthOpenStack, type AuthOpenStackOptions } from './authenticators/openstack.ts';
export { AuthQuery, type AuthQueryOptions } from './authenticators/query.ts';
export { AuthToken, type AuthTokenOptions } from './authenticators/token.ts';
export { type Challenge, parseChallenges } from './challenge/parse.ts';
export type { DigestQop } from './digest/challenge.ts';
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
export type { CatalogEndpoint } from './keystone/catalog.ts';
export type { EndpointChoice } from './keystone/find-endpoint.ts';
export type { IdentityOptions } from './keystone/identity.ts';
export type { IdentityApiOptions } from './keystone/identity-api.ts';
export type { KeystoneLoginOptions } from './keystone/keystone-login.ts';
export type { ScopeOptions } from './keystone/scope.ts';
export type { AllowEndpoints } from './keystone/service-catalog.ts';
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
export type { AuthorizationResponse } from './oauth/authorization-response.ts';
export type { ServerOptions } from './oauth/authorization-server.ts';
export type { BasicEncoding } from './oauth/basic-credentials.ts';
export {
  type ClientSecretJwtOptions,
  clientAssertion,
  clientSecretJwt,
  type PrivateKeyJwtOptions,
  privateKeyJwt,
} from './oauth/client-assertion.ts';
export type {
  ClientAuthentication,
  ClientAuthenticationRequest,
  ClientAuthenticator,
} from './oauth/client-authentication.ts';
export type { DevicePrompt } from './oauth/device-code.ts';
export { Dpop, type DpopOptions } from './oauth/dpop.ts';
export type { DpopAlgorithm, DpopKeyOptions } from './oauth/dpop-key.ts';
export {
  type AuthorizationCodeOptions,
  type Authorize,
  type AuthorizeRequest,
  authorizationCode,
} from './oauth/grants/authorization-code.ts';
export { type ClientCredentialsOptions, clientCredentials } from './oauth/grants/client-credentials.ts';
export {
  type DeviceAuthorizationOptions,
  deviceAuthorization,
  type ShowDevicePrompt,
} from './oauth/grants/device-authorization.ts';
export { type JwtBearerOptions, jwtBearer, type ServiceAccount } from './oauth/grants/jwt-bearer.ts';
export { type RefreshTokenOptions, refreshToken } from './oauth/grants/refresh-token.ts';
export { type ResourceOwnerPasswordOptions, resourceOwnerPassword } from './oauth/grants/resource-owner-password.ts';
export { type TokenExchangeOptions, tokenExchange } from './oauth/grants/token-exchange.ts';
export type { IdTokenClaims } from './oauth/id-token.ts';
export type { Introspection } from './oauth/introspection.ts';
export type { OAuthSource } from './oauth/oauth-source.ts';
export {
  discoverProtectedResource,
  type ProtectedResource,
  type ProtectedResourceOptions,
} from './oauth/protected-resource.ts';
export { ResourceAuthenticator, type ResourceAuthenticatorOptions } from './oauth/resource-authenticator.ts';
export type { SigningKeyOption } from './oauth/signing-key.ts';
export type { StepUpAnswer, StepUpHandler } from './oauth/step-ups.ts';
export type { TokenOption } from './oauth/token-option.ts';
export { reveal, Secret, type SecretOption, secret } from './secret.ts';
export { type FirstOfOptions, firstOf } from './tokens/first-of.ts';
export { MemoryTokenStore } from './tokens/memory-store.ts';
export { staticToken, type TokenFunction } from './tokens/sources.ts';
export type { Ended, InUse, Lease, StoredToken, TokenRecord, TokenStore, WriteResult } from './tokens/store.ts';
export type {
  Demand,
  ProofOfPossession,
  RenewalReason,
  SourceIdentity,
  Token,
  TokenRequest,
  TokenSource,
} from './tokens/token.ts';
export { TokenAuthenticator, type TokenAuthenticatorOptions } from './tokens/token-authenticator.ts';
export { TokenCache } from './tokens/token-cache.ts';
export type { RenewalFailure, TokenCacheOptions } from './tokens/token-cache-options.ts';
export type { TokenInput } from './tokens/token-input.ts';
