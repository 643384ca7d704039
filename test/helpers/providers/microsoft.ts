/** What Entra ID and Azure AD B2C answer. The comments name the pages that document it. */

import { expect } from 'vitest';
import { asserted, bearer, configuration, issues, type Providers, signIn, THUMBPRINT, wants } from './kit.ts';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const APP = '6731de76-14a6-49ae-97bc-6eba6914391e';
const ENTRA = 'login.microsoftonline.com';
const entra = {
  [`${ENTRA}/${TENANT}/v2.0/.well-known/openid-configuration`]: configuration(
    `https://${ENTRA}/${TENANT}/v2.0`,
    `${ENTRA}/${TENANT}/oauth2/v2.0/token`,
    { token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'] },
  ),
};
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export const microsoft: Providers = {
  // Microsoft identity platform and the OAuth 2.0 client credentials flow
  'entra-id.ts': {
    api: 'graph.microsoft.com/v1.0/users',
    at: {
      ...entra,
      [`${ENTRA}/${TENANT}/oauth2/v2.0/token`]: issues(
        { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' },
        bearer,
        APP,
      ),
      'graph.microsoft.com/v1.0/users': wants('Bearer at'),
    },
  },
  // Microsoft identity platform application authentication certificate credentials
  'entra-id-certificate.ts': {
    api: 'graph.microsoft.com/v1.0/users',
    at: {
      ...entra,
      [`${ENTRA}/${TENANT}/oauth2/v2.0/token`]: async ({ form }) => {
        const { header, claims } = await asserted(form.client_assertion, 'PS256');
        expect(header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': THUMBPRINT });
        expect(claims).toMatchObject({ iss: APP, sub: APP, jti: expect.any(String) });
        expect(claims.aud).toBe(`https://${ENTRA}/${TENANT}/oauth2/v2.0/token`);
        expect(form).toMatchObject({ client_id: APP, client_assertion_type: ASSERTION_TYPE });
        return { json: bearer };
      },
      'graph.microsoft.com/v1.0/users': wants('Bearer at'),
    },
  },
  // OpenID Connect on the Microsoft identity platform
  'entra-id-sign-in.ts': {
    api: 'graph.microsoft.com/v1.0/me',
    at: {
      ...signIn(
        {
          configuration: `${ENTRA}/common/v2.0/.well-known/openid-configuration`,
          authorize: `${ENTRA}/common/oauth2/v2.0/authorize`,
          token: `${ENTRA}/common/oauth2/v2.0/token`,
          keys: `${ENTRA}/common/discovery/v2.0/keys`,
        },
        { id: APP },
        { issuer: `https://${ENTRA}/{tenantid}/v2.0`, iss: `https://${ENTRA}/${TENANT}/v2.0`, claims: { tid: TENANT } },
      ),
      'graph.microsoft.com/v1.0/me': wants('Bearer at'),
    },
  },
  // Microsoft identity platform and OAuth2.0 On-Behalf-Of flow
  'entra-id-on-behalf-of.ts': {
    api: 'graph.microsoft.com/v1.0/me',
    at: {
      ...entra,
      [`${ENTRA}/${TENANT}/oauth2/v2.0/token`]: issues(
        {
          grant_type: JWT_BEARER,
          assertion: 'token-of-ada',
          requested_token_use: 'on_behalf_of',
          scope: 'https://graph.microsoft.com/User.Read',
        },
        bearer,
        APP,
      ),
      'graph.microsoft.com/v1.0/me': wants('Bearer at'),
    },
  },
  // Overview of tokens in Azure Active Directory B2C
  'azure-ad-b2c.ts': {
    api: 'reports.contoso.com/me',
    at: {
      ...signIn(
        {
          configuration:
            'contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/v2.0/.well-known/openid-configuration',
          authorize: 'contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/authorize',
          token: 'contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/token',
          keys: 'contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/discovery/v2.0/keys',
        },
        { id: APP },
        { issuer: `https://contoso.b2clogin.com/${TENANT}/v2.0/`, claims: { tfp: 'B2C_1_signin' } },
      ),
      'reports.contoso.com/me': wants('Bearer at'),
    },
  },
};
