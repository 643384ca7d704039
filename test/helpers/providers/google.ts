/** What Google answers. The comments name the pages that document it. */

import { expect } from 'vitest';
import { asserted, bearer, type Providers, signIn, wants } from './kit.ts';

export const google: Providers = {
  // Using OAuth 2.0 for Server to Server Applications
  'google.ts': {
    api: 'storage.googleapis.com/storage/v1/b',
    at: {
      'oauth2.googleapis.com/token': async ({ form }) => {
        const { header, claims } = await asserted(form.assertion);
        expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'g1' });
        expect(claims).toMatchObject({
          iss: 'robot@acme.iam.gserviceaccount.com',
          scope: 'https://www.googleapis.com/auth/devstorage.read_only',
          aud: 'https://oauth2.googleapis.com/token',
        });
        expect(Object.keys(form).sort()).toEqual(['assertion', 'grant_type']);
        return { json: { ...bearer, expires_in: 3599 } };
      },
      'storage.googleapis.com/storage/v1/b': wants('Bearer at'),
    },
  },
  // Get an ID token (Cloud Run, Identity Platform)
  'google-cloud-run.ts': {
    api: 'reports-abc123-ew.a.run.app/reports',
    at: {
      'oauth2.googleapis.com/token': async ({ form }) => {
        const { claims } = await asserted(form.assertion);
        expect(claims).toMatchObject({ target_audience: 'https://reports-abc123-ew.a.run.app' });
        return { json: { id_token: 'header.payload.signature' } };
      },
      'reports-abc123-ew.a.run.app/reports': wants('Bearer header.payload.signature'),
    },
  },
  // OAuth 2.0 for Mobile & Desktop Apps; OpenID Connect
  'google-sign-in.ts': {
    api: 'openidconnect.googleapis.com/v1/userinfo',
    at: {
      ...signIn(
        {
          configuration: 'accounts.google.com/.well-known/openid-configuration',
          authorize: 'accounts.google.com/o/oauth2/v2/auth',
          token: 'oauth2.googleapis.com/token',
          keys: 'www.googleapis.com/oauth2/v3/certs',
        },
        { id: '1234567890-abc.apps.googleusercontent.com', basic: true },
        { issuer: 'https://accounts.google.com', wanted: { access_type: 'offline', prompt: 'consent' } },
      ),
      'openidconnect.googleapis.com/v1/userinfo': wants('Bearer at'),
    },
  },
};
