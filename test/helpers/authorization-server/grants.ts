/**
 * Grants that oidc-provider leaves to its users: password, JWT bearer and token exchange.
 */

import { importJWK, type JWK, jwtVerify } from 'jose';
import type { Provider as OidcProvider, TokenEndpointGrantContext } from 'oidc-provider';
import {
  checkDpopReplay,
  checkDpopRequired,
  resolveRequestedResources,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js';
import { JWT_BEARER, TOKEN_EXCHANGE } from './clients.ts';
import { publicPart } from './keys.ts';
import { errors } from './quiet.ts';
import type { VerifiedToken } from './resource.ts';
import type { AuthorizationServerSettings } from './settings.ts';

const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

/** Whose assertions the JWT bearer grant trusts. */
export const TRUSTED_ISSUER = 'https://trusted.test';

export interface GrantSupport {
  readonly settings: AuthorizationServerSettings;
  readonly bearerKey: JWK;
  verify(token: string): Promise<VerifiedToken | undefined>;
}

type Parameters = Record<string, string | undefined>;
type GrantContext = TokenEndpointGrantContext<Parameters>;

export function registerGrants(provider: OidcProvider, support: GrantSupport): void {
  const { settings } = support;
  const register = (name: string, parameters: string[], run: (context: GrantContext) => Promise<void>) =>
    provider.registerGrantType<Parameters>(name, run, [...parameters, 'scope', 'resource'], ['resource', 'audience']);

  register('password', ['username', 'password'], async (context) => {
    const { username, password } = context.oidc.params;
    if (!username || settings.users[username] !== password) throw new errors.InvalidGrant('bad credentials');
    await issue(provider, context, { accountId: username, withRefreshToken: true });
  });

  register(JWT_BEARER, ['assertion'], async (context) => {
    const accountId = await subjectOf(context.oidc.params.assertion, provider.issuer, support);
    await issue(provider, context, { accountId });
  });

  register(TOKEN_EXCHANGE, exchangeParameters, async (context) => {
    const { subject_token: token, subject_token_type: type } = context.oidc.params;
    if (!token || type !== ACCESS_TOKEN_TYPE) {
      throw new errors.InvalidRequest('subject_token and subject_token_type are required');
    }
    const subject = await support.verify(token);
    if (subject === undefined) throw new errors.InvalidRequest('subject_token is not valid');
    const accountId = subject.sub in settings.users ? subject.sub : 'alice';
    const actor = { act: { sub: context.oidc.client.clientId } };
    await issue(provider, context, { accountId, actor, extra: { issued_token_type: ACCESS_TOKEN_TYPE } });
  });
}

const exchangeParameters = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'audience',
];

/** RFC 7523 §2.1 and §3: who an assertion speaks for. */
async function subjectOf(assertion = '', issuer: string, { bearerKey, settings }: GrantSupport): Promise<string> {
  const verified = await jwtVerify(assertion, await importJWK(publicPart(bearerKey), 'ES256'), {
    issuer: TRUSTED_ISSUER,
    audience: [issuer, `${issuer}/token`],
    requiredClaims: ['sub', 'exp'],
  }).catch(() => undefined);
  const subject = String(verified?.payload.sub);
  if (!(subject in settings.users)) throw new errors.InvalidGrant('assertion is not valid');
  return subject;
}

interface Issue {
  readonly accountId: string;
  readonly withRefreshToken?: boolean;
  readonly actor?: object;
  readonly extra?: object;
}

/** Issues tokens as the library's own grants do: bound to a resource and to a DPoP key where the request asks for it. */
async function issue(provider: OidcProvider, context: GrantContext, request: Issue): Promise<void> {
  const { client, params } = context.oidc;
  const { accountId, actor, extra } = request;
  const scope = params.scope ?? 'openid read';
  const proof = await validateDpop(provider, context);
  checkDpopRequired(provider, context, proof);
  if (proof) await checkDpopReplay(provider, context, proof, client.clientId);
  const [resourceServer] = await resolveRequestedResources(provider, context);
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope(scope);
  if (resourceServer) grant.addResourceScope(resourceServer.identifier(), scope);
  const common = { client, accountId, grantId: await grant.save(), gty: String(params.grant_type), scope };
  const token = new provider.AccessToken({ ...common, resourceServer });
  Object.assign(token, { actor });
  if (proof) token.setThumbprint('jkt', proof.thumbprint);
  context.oidc.entity('AccessToken', token);
  const refresh = request.withRefreshToken && client.grantTypeAllowed('refresh_token');
  context.body = {
    access_token: await token.save(),
    expires_in: token.expiration,
    token_type: token.tokenType,
    scope,
    refresh_token: refresh
      ? await refreshToken(provider, { ...common, resource: resourceServer?.identifier() })
      : undefined,
    ...extra,
  };
}

function refreshToken(provider: OidcProvider, properties: object): Promise<string> {
  return new provider.RefreshToken({ ...properties, rotations: 0 } as never).save();
}
