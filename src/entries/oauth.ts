/**
 * OAuth 2.0: its authenticator, grants, client authentication, DPoP and discovery. What a program does not import, a
 * bundler drops.
 */

export { AuthOAuth2, type AuthOAuth2Options } from '../authenticators/oauth2.ts';
export type { AuthorizationResponse } from '../oauth/authorization-response.ts';
export type { ServerOptions } from '../oauth/authorization-server.ts';
export {
  type ClientSecretJwtOptions,
  clientAssertion,
  clientSecretJwt,
  type PrivateKeyJwtOptions,
  privateKeyJwt,
} from '../oauth/client-assertion.ts';
export type {
  ClientAuthentication,
  ClientAuthenticationRequest,
  ClientAuthenticator,
} from '../oauth/client-authentication.ts';
export type { DevicePrompt } from '../oauth/device-code.ts';
export { Dpop, type DpopOptions } from '../oauth/dpop.ts';
export type { DpopAlgorithm, DpopKeyOptions } from '../oauth/dpop-key.ts';
export {
  type AuthorizationCodeOptions,
  type Authorize,
  type AuthorizeRequest,
  authorizationCode,
} from '../oauth/grants/authorization-code.ts';
export { type ClientCredentialsOptions, clientCredentials } from '../oauth/grants/client-credentials.ts';
export {
  type DeviceAuthorizationOptions,
  deviceAuthorization,
  type ShowDevicePrompt,
} from '../oauth/grants/device-authorization.ts';
export { type GrantOptions, type GrantParameters, grant } from '../oauth/grants/grant.ts';
export {
  type AssertionRequest,
  type ExternalAssertion,
  type JwtBearerOptions,
  jwtBearer,
  type ServiceAccount,
} from '../oauth/grants/jwt-bearer.ts';
export { type RefreshTokenOptions, refreshToken } from '../oauth/grants/refresh-token.ts';
export { type ResourceOwnerPasswordOptions, resourceOwnerPassword } from '../oauth/grants/resource-owner-password.ts';
export { type TokenExchangeOptions, tokenExchange } from '../oauth/grants/token-exchange.ts';
export type { IdTokenClaims } from '../oauth/id-token.ts';
export type { Introspection } from '../oauth/introspection.ts';
export { type EncodedBody, jsonBody } from '../oauth/json-body.ts';
export type { OAuthSource } from '../oauth/oauth-source.ts';
export {
  discoverProtectedResource,
  type ProtectedResource,
  type ProtectedResourceOptions,
} from '../oauth/protected-resource.ts';
export {
  ResourceAuthenticator,
  type ResourceAuthenticatorOptions,
  type ScopeChallenge,
  type ScopeStepUp,
} from '../oauth/resource-authenticator.ts';
export { type SignedJwtOptions, signedJwt } from '../oauth/signed-jwt.ts';
export type { SigningKeyOption } from '../oauth/signing-key.ts';
export type { StepUpAnswer, StepUpHandler } from '../oauth/step-ups.ts';
export type { TokenOption } from '../oauth/token-option.ts';
export type { ResponsePlace } from '../oauth/token-response.ts';
