/** What Auth0, Okta, Keycloak and Cognito answer. The comments name the pages that document it. */

import { expect } from 'vitest';
import { asserted, bearer, configuration, issues, type Providers, wants } from './kit.ts';

export const servers: Providers = {
  // Call Your API Using the Client Credentials Flow
  'auth0.ts': {
    api: 'api.acme.com/reports',
    at: {
      'acme.eu.auth0.com/.well-known/openid-configuration': configuration(
        'https://acme.eu.auth0.com/',
        'acme.eu.auth0.com/oauth/token',
      ),
      'acme.eu.auth0.com/oauth/token': issues(
        { grant_type: 'client_credentials', audience: 'https://api.acme.com/' },
        { ...bearer, expires_in: 86_400 },
        'VGbQkLxW2hYpzJ0s',
      ),
      'api.acme.com/reports': wants('Bearer at'),
    },
  },
  // Implement OAuth for Okta with a service app
  'okta.ts': {
    api: 'acme.okta.com/api/v1/users',
    at: {
      'acme.okta.com/.well-known/openid-configuration': configuration(
        'https://acme.okta.com',
        'acme.okta.com/oauth2/v1/token',
      ),
      'acme.okta.com/oauth2/v1/token': async ({ form }) => {
        const { header, claims } = await asserted(form.client_assertion);
        expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'reports-2026' });
        expect(claims.aud).toBe('https://acme.okta.com/oauth2/v1/token');
        expect([claims.iss, claims.sub]).toEqual(['0oar95zt9zIpYuz6A0h7', '0oar95zt9zIpYuz6A0h7']);
        expect(form).toMatchObject({ grant_type: 'client_credentials', scope: 'okta.users.read' });
        return { json: { ...bearer, scope: 'okta.users.read' } };
      },
      'acme.okta.com/api/v1/users': wants('Bearer at'),
    },
  },
  // Securing applications and services with OpenID Connect
  'keycloak.ts': {
    api: 'api.acme.com/reports',
    at: {
      'sso.acme.com/realms/acme/.well-known/openid-configuration': configuration(
        'https://sso.acme.com/realms/acme',
        'sso.acme.com/realms/acme/protocol/openid-connect/token',
      ),
      'sso.acme.com/realms/acme/protocol/openid-connect/token': issues(
        { grant_type: 'client_credentials' },
        { ...bearer, expires_in: 300, refresh_expires_in: 0, 'not-before-policy': 0, scope: 'profile email' },
        'reports',
      ),
      'api.acme.com/reports': wants('Bearer at'),
    },
  },
  // The token issuer endpoint
  'cognito.ts': {
    api: 'api.acme.com/reports',
    at: {
      'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E/.well-known/openid-configuration': configuration(
        'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E',
        'acme.auth.eu-west-1.amazoncognito.com/oauth2/token',
        { token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] },
      ),
      'acme.auth.eu-west-1.amazoncognito.com/oauth2/token': issues(
        { grant_type: 'client_credentials', scope: 'https://api.acme.com/reports.read' },
        bearer,
        '1example23456789',
      ),
      'api.acme.com/reports': wants('Bearer at'),
    },
  },
};
