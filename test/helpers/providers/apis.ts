/** What GitHub, Slack, Zoom and Salesforce answer. The comments name the pages that document it. */

import { expect } from 'vitest';
import { asserted, bearer, issues, numbered, type Providers, signIn, wants, wantsNext } from './kit.ts';

const salesforceToken = numbered({
  token_type: 'Bearer',
  instance_url: 'https://acme.my.salesforce.com',
  scope: 'api',
  id: 'https://login.salesforce.com/id/00D/005',
});

export const apis: Providers = {
  // Generating a JSON Web Token (JWT) for a GitHub App; Authenticating as a GitHub App installation
  'github-app.ts': {
    api: 'api.github.com/installation/repositories',
    at: {
      'api.github.com/app/installations/42/access_tokens': async ({ method, headers }) => {
        const { header, claims } = await asserted(headers.authorization?.replace('Bearer ', ''));
        const now = Date.now() / 1000;
        expect([method, header, claims.iss]).toEqual(['POST', { alg: 'RS256', typ: 'JWT' }, 'Iv23abcdef']);
        expect(claims.iat).toBeLessThan(now - 50);
        expect(claims.exp).toBeLessThan(now + 600);
        const expires_at = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
        return { status: 201, json: { token: 'ghs_1', expires_at, permissions: {} } };
      },
      'api.github.com/installation/repositories': wants('Bearer ghs_1'),
    },
  },
  // Authorizing OAuth apps
  'github.ts': {
    api: 'api.github.com/user',
    at: {
      ...signIn(
        { authorize: 'github.com/login/oauth/authorize', token: 'github.com/login/oauth/access_token' },
        { id: 'Ov23abcdef', post: true },
        { json: { access_token: 'gho_1', token_type: 'bearer', scope: 'repo,read:user' } },
      ),
      'api.github.com/user': wants('Bearer gho_1'),
    },
  },
  // GitLab as an OpenID Connect identity provider; OAuth 2.0 identity provider API
  'gitlab.ts': {
    api: 'gitlab.com/api/v4/user',
    at: {
      ...signIn(
        {
          configuration: 'gitlab.com/.well-known/openid-configuration',
          authorize: 'gitlab.com/oauth/authorize',
          token: 'gitlab.com/oauth/token',
          keys: 'gitlab.com/oauth/discovery/keys',
        },
        { id: '5f1de841d2f0c41a' },
        { issuer: 'https://gitlab.com', json: { ...bearer, expires_in: 7200, refresh_token: 'r', created_at: 1 } },
      ),
      'gitlab.com/api/v4/user': wants('Bearer at'),
    },
  },
  // Using token rotation
  'slack.ts': {
    api: 'slack.com/api/auth.test',
    at: {
      'slack.com/api/oauth.v2.access': issues(
        { grant_type: 'refresh_token', refresh_token: 'refresh-1' },
        {
          ok: true,
          access_token: 'xoxe.xoxb-1',
          expires_in: 43_200,
          refresh_token: 'xoxe-1-2',
          token_type: 'bot',
          scope: 'commands,incoming-webhook',
          team: { id: 'T9TK3CUKW' },
        },
        '3336676.569200954261',
      ),
      'slack.com/api/auth.test': wants('Bearer xoxe.xoxb-1', { ok: true }),
    },
  },
  // Server-to-Server OAuth
  'zoom.ts': {
    api: 'api.zoom.us/v2/users/me',
    at: {
      'zoom.us/oauth/token': issues(
        { grant_type: 'account_credentials', account_id: 'gYz8S9w5Q5yrDoIvmdClYw' },
        { ...bearer, token_type: 'bearer', scope: 'user:read:admin', api_url: 'https://api.zoom.us' },
        'aBcDeFgHiJkL',
      ),
      'api.zoom.us/v2/users/me': wants('Bearer at'),
    },
  },
  // OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration
  'salesforce.ts': {
    api: 'acme.my.salesforce.com/services/data/v62.0/limits',
    at: {
      'acme.my.salesforce.com/services/oauth2/token': async ({ form }) => {
        const { claims } = await asserted(form.assertion);
        const { iss, sub, aud, exp = 0 } = claims;
        expect([iss?.slice(0, 6), sub, aud]).toEqual(['3MVG99', 'robot@acme.com', 'https://login.salesforce.com']);
        expect(exp - Date.now() / 1000).toBeLessThan(180);
        expect(Object.keys(form).sort()).toEqual(['assertion', 'grant_type']);
        return { json: salesforceToken() };
      },
      // Status Codes and Error Responses
      'acme.my.salesforce.com/services/data/v62.0/limits': wantsNext('Bearer at-1', 'Bearer at-2', [
        { message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' },
      ]),
    },
  },
};
