import type { JWK } from 'jose';
import type { AdapterFactory, ClientMetadata, Configuration, ResourceServer } from 'oidc-provider';
import { page } from './interaction.ts';
import { errors } from './quiet.ts';
import type { AuthorizationServerSettings } from './settings.ts';

/** What a provider is built from, beside the settings that may change while it runs. */
export interface Foundation {
  readonly settings: AuthorizationServerSettings;
  readonly clients: ClientMetadata[];
  /** Outlives a provider, so that tokens survive the change of a nonce secret. */
  readonly adapter: AdapterFactory;
  readonly signingKey: JWK;
  /** The resource server's base URL: the resource indicators that exist start with it. */
  readonly resourceBase: string;
}

/** The configuration of oidc-provider. Whatever may change while it runs is given as a function. */
export function configuration(foundation: Foundation, nonceSecret: Buffer): Configuration {
  const { settings, clients, adapter, signingKey } = foundation;
  return {
    clients,
    adapter,
    jwks: { keys: [signingKey as never] },
    // The default of 15 s would keep a token of 1 s alive for 16.
    clockTolerance: 0,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access', 'read', 'write'],
    claims: { openid: ['sub', 'name'] },
    cookies: { keys: ['test-cookie-key'] },
    enabledJWA: { dPoPSigningAlgValues: ['ES256', 'Ed25519', 'RS256'] },
    pkce: { required: () => settings.requirePkce },
    rotateRefreshToken: () => settings.rotate,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    findAccount: (_context, id) =>
      id in settings.users ? { accountId: id, claims: async () => ({ sub: id, name: id }) } : undefined,
    // Who acts for whom, where a token came out of a token exchange.
    extraTokenClaims: (_context, token) => (token as { actor?: Record<string, unknown> }).actor,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: lifetimes(settings),
    features: features(foundation, nonceSecret),
  };
}

function lifetimes(settings: AuthorizationServerSettings): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: (_context, token) => token.resourceServer?.accessTokenTTL ?? settings.accessTtl,
    ClientCredentials: (_context, token) => token.resourceServer?.accessTokenTTL ?? settings.accessTtl,
    RefreshToken: () => settings.refreshTtl,
    AuthorizationCode: () => settings.codeTtl,
    DeviceCode: () => settings.deviceTtl,
    IdToken: 300,
    Interaction: 300,
    Session: 3600,
    Grant: 86_400,
  };
}

function features(foundation: Foundation, nonceSecret: Buffer): NonNullable<Configuration['features']> {
  const { settings, resourceBase } = foundation;
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async () => true },
    revocation: { enabled: true, allowedPolicy: async (_context, client, token) => token.clientId === client.clientId },
    deviceFlow: { enabled: true, ...devicePages },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: settings.requirePar },
    dPoP: { enabled: true, nonceSecret, requireNonce: () => settings.dpopNonceAtServer },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => resourceServer(resource, resourceBase, settings.accessTtl),
    },
  };
}

/** Those of the server load fonts from elsewhere, and say that they should be replaced. */
const devicePages: Pick<
  NonNullable<NonNullable<Configuration['features']>['deviceFlow']>,
  'userCodeConfirmSource' | 'successSource'
> = {
  userCodeConfirmSource(context, form, _client, _device, userCode) {
    const button = '<button type="submit" form="op.deviceConfirmForm">Continue</button>';
    context.body = page('Is this the code on your device?', `<p>${userCode}${form}${button}`);
  },
  successSource(context) {
    context.body = page('You are signed in on your device', '');
  },
};

/** A resource whose name says `opaque` gets opaque tokens, any other JWTs. */
function resourceServer(resource: string, base: string, accessTokenTTL: number): ResourceServer {
  if (!resource.startsWith(base)) throw new errors.InvalidTarget();
  return {
    scope: 'read write',
    audience: resource,
    accessTokenTTL,
    accessTokenFormat: resource.includes('opaque') ? 'opaque' : 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
}
