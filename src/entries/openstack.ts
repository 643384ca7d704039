/** OpenStack: logins at Keystone, and the service catalogue. */

export { AuthOpenStack, type AuthOpenStackOptions } from '../authenticators/openstack.ts';
export type { CatalogEndpoint } from '../keystone/catalog.ts';
export type { EndpointChoice } from '../keystone/find-endpoint.ts';
export type { IdentityOptions } from '../keystone/identity.ts';
export type { IdentityApiOptions } from '../keystone/identity-api.ts';
export type { KeystoneLoginOptions } from '../keystone/keystone-login.ts';
export type { ScopeOptions } from '../keystone/scope.ts';
export type { AllowEndpoints } from '../keystone/service-catalog.ts';
