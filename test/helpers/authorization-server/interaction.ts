/**
 * The login page. With `autoLogin` it answers for the user, so that a flow runs without a browser.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider as OidcProvider } from 'oidc-provider';
import type { AuthorizationServerSettings } from './settings.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Gives a client what a user would consent to. */
export async function consent(
  provider: OidcProvider,
  accountId: string,
  clientId: string,
  { scope, resource }: { readonly scope?: unknown; readonly resource?: unknown },
): Promise<string> {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(String(scope || 'openid'));
  for (const one of [resource].flat()) if (one) grant.addResourceScope(String(one), 'read write');
  return grant.save();
}

export function loginPage(provider: () => OidcProvider, settings: AuthorizationServerSettings): Handler {
  return async (request, response) => {
    const { params } = await provider().interactionDetails(request, response);
    const form = await readForm(request);
    const { user, isKnown, isDenied } = whoIsIt(settings, form, params.login_hint as string | undefined);
    if (isDenied) {
      const denial = { error: 'access_denied', error_description: 'End-User said no' };
      return provider().interactionFinished(request, response, denial);
    }
    if (!isKnown) return showForm(response, String(params.client_id), request.method === 'POST');
    const grantId = await consent(provider(), user, String(params.client_id), params);
    const result = { login: { accountId: user }, consent: { grantId } };
    await provider().interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
}

function whoIsIt({ autoLogin, users }: AuthorizationServerSettings, form: URLSearchParams, hint: string | undefined) {
  const user = autoLogin === undefined ? (form.get('username') ?? '') : hint || autoLogin;
  const isKnown = autoLogin === undefined ? user in users && users[user] === form.get('password') : user in users;
  return { user, isKnown, isDenied: form.has('deny') || (autoLogin !== undefined && user === 'deny') };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function showForm(response: ServerResponse, clientId: string, isSecondTry: boolean): void {
  const title = `Sign in to ${clientId.replace(/\W/g, '')}`;
  const alert = isSecondTry ? '<p role=alert>Wrong user name or password</p>' : '';
  const fields =
    '<p><input name=username placeholder="User name" autofocus>' +
    '<p><input name=password type=password placeholder=Password>' +
    '<p><button>Sign in</button> <button name=deny value=1>Cancel</button>';
  response.writeHead(isSecondTry ? 401 : 200, { 'content-type': 'text/html' });
  response.end(page(title, `<form method=post>${alert}${fields}</form>`));
}

/** A complete, tiny HTML page. */
export function page(title: string, body: string): string {
  return `<!doctype html><meta charset=utf-8><title>${title}</title><h1>${title}</h1>${body}`;
}
