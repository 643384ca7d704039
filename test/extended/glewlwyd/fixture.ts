import { inject } from 'vitest';
import { clientSecretJwt, privateKeyJwt } from '../../../src/oauth/client-assertion.ts';
import type { AuthorizeRequest } from '../../../src/oauth/grants/authorization-code.ts';
import { CLIENT_SECRET, REDIRECT_URI, USER } from './configure.ts';
import { Session } from './session.ts';

/** The server that the run has started. */
export const glewlwyd = inject('glewlwyd');
export const { issuer, nonceIssuer } = glewlwyd;

/** glewlwyd takes Basic credentials as they are, against RFC 6749 §2.3.1. */
export const confidential = {
  issuer,
  clientId: 'cc',
  clientSecret: CLIENT_SECRET,
  basicEncoding: 'raw',
} as const;

/** It wants its token endpoint as the audience of assertions, where RFC 7523 has the issuer first. */
const audience = `${issuer}/token`;
const { basicEncoding, ...withSecret } = confidential;
export const byPost = { ...withSecret, clientAuthentication: 'client_secret_post' } as const;
export const bySecretJwt = { ...withSecret, clientAuthentication: clientSecretJwt({ audience }) };
export const byKey = {
  issuer,
  clientId: 'pk',
  clientAuthentication: privateKeyJwt({ key: glewlwyd.clientKey, keyId: 'c1', audience }),
};

/** A user who is logged in, and has agreed to everything. */
export async function loggedIn(): Promise<Session> {
  const session = new Session(glewlwyd.origin);
  await session.logIn(USER);
  for (const client of ['cc', 'pk', 'public']) await session.grant(client, 'openid', 'read');
  return session;
}

/** Options that let this user log in. */
export function browser(session: Session) {
  return { redirectUri: REDIRECT_URI, authorize: ({ url }: AuthorizeRequest) => session.open(url) };
}

/** A `fetch` that remembers what the server answered, in order. */
export function recorder() {
  const answers: { readonly path: string; readonly status: number; readonly sent: URLSearchParams }[] = [];
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const sent = new URLSearchParams(init?.body instanceof URLSearchParams ? init.body : undefined);
    answers.push({ path: pathname.replace(/^\/api\/\w+/, ''), status: response.status, sent });
    return response;
  };
  return { fetch: recording, answers };
}

export const signal = (): AbortSignal => AbortSignal.timeout(20_000);
