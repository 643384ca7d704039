/** What Box, Bitbucket, Zoho, X, Apple and IBM answer. The comments name the pages that document it. */

import { expect } from 'vitest';
import {
  appleKey,
  asserted,
  bearer,
  issues,
  numbered,
  type Providers,
  SECRET,
  signIn,
  wants,
  wantsNext,
} from './kit.ts';

const boxClient = { client_id: 'abc123', client_secret: SECRET };
const boxToken = { access_token: 'at', token_type: 'bearer', expires_in: 4169, restricted_to: [] };

export const moreApis: Providers = {
  // Client Credentials Grant
  'box.ts': {
    api: 'api.box.com/2.0/users/me',
    at: {
      'api.box.com/oauth2/token': issues(
        {
          ...boxClient,
          grant_type: 'client_credentials',
          box_subject_type: 'enterprise',
          box_subject_id: '1234567',
        },
        boxToken,
      ),
      'api.box.com/2.0/users/me': wants('Bearer at'),
    },
  },
  // JWT without SDKs
  'box-jwt.ts': {
    api: 'api.box.com/2.0/users/me',
    at: {
      'api.box.com/oauth2/token': async ({ form }) => {
        const { header, claims } = await asserted(form.assertion);
        expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'abcd1234' });
        expect(claims).toMatchObject({ iss: 'abc123', sub: '1234567', box_sub_type: 'enterprise' });
        expect(claims.aud).toBe('https://api.box.com/oauth2/token');
        expect(claims.exp).toBeLessThanOrEqual(Date.now() / 1000 + 55);
        expect(claims.jti).toMatch(/^.{16,128}$/);
        expect(form).toMatchObject(boxClient);
        return { json: boxToken };
      },
      'api.box.com/2.0/users/me': wants('Bearer at'),
    },
  },
  // Bitbucket Cloud: OAuth 2.0
  'bitbucket.ts': {
    api: 'api.bitbucket.org/2.0/repositories/acme',
    at: {
      'bitbucket.org/site/oauth2/access_token': issues(
        { grant_type: 'client_credentials' },
        { ...bearer, token_type: 'bearer', expires_in: 7200, scope: 'repository' },
        'aBcDeFgHiJkL',
      ),
      'api.bitbucket.org/2.0/repositories/acme': wants('Bearer at'),
    },
  },
  // Refresh Access Tokens; Multi DC
  'zoho.ts': {
    api: 'www.zohoapis.eu/crm/v7/users',
    at: {
      'accounts.zoho.eu/oauth/v2/token': issues(
        {
          grant_type: 'refresh_token',
          refresh_token: 'refresh-1',
          client_id: '1000.ABCDEF',
          client_secret: SECRET,
        },
        { ...bearer, api_domain: 'https://www.zohoapis.eu' },
      ),
      'www.zohoapis.eu/crm/v7/users': wants('Zoho-oauthtoken at'),
    },
  },
  // OAuth 2.0 Authorization Code Flow with PKCE
  'x.ts': {
    api: 'api.x.com/2/users/me',
    at: {
      ...signIn(
        { authorize: 'x.com/i/oauth2/authorize', token: 'api.x.com/2/oauth2/token' },
        { id: 'rG9n6402A3dbUJKzXTNX' },
        {
          wanted: { scope: 'tweet.read users.read offline.access' },
          json: { ...bearer, token_type: 'bearer', expires_in: 7200, refresh_token: 'r' },
        },
      ),
      'api.x.com/2/users/me': wants('Bearer at'),
    },
  },
  // Generating Tokens for API Requests (App Store Connect API)
  'apple.ts': {
    api: 'api.appstoreconnect.apple.com/v1/apps',
    at: {
      'api.appstoreconnect.apple.com/v1/apps': async ({ headers }) => {
        const jwt = headers.authorization?.replace('Bearer ', '');
        const { header, claims } = await asserted(jwt, 'ES256', appleKey.publicKey);
        expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: '2X9R4HXF34' });
        const { iss, aud, exp = 0, iat = 0 } = claims;
        expect([iss, aud]).toEqual(['57246542-96fe-1a63-e053-0824d011072a', 'appstoreconnect-v1']);
        expect(exp - iat).toBeLessThanOrEqual(1200);
        return { json: {} };
      },
    },
  },
  // IAM Identity Services: Create an IAM access token for a user or service ID using an API key
  'ibm-cloud.ts': {
    api: 'resource-controller.cloud.ibm.com/v2/resource_instances',
    at: {
      'iam.cloud.ibm.com/identity/token': issues(
        { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: 'api-key-1' },
        numbered({ ...bearer, refresh_token: 'not_supported', expiration: 1_473_188_353, scope: 'ibm openid' }),
      ),
      'resource-controller.cloud.ibm.com/v2/resource_instances': wantsNext('Bearer at-1', 'Bearer at-2', {
        status_code: 401,
      }),
    },
  },
};
