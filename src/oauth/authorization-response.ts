/**
 * What the browser brings back (RFC 6749 §4.1.2). Nothing of it is used before the state matches.
 */

import { AuthenticationError, CredentialError, TokenEndpointError } from '../errors.ts';
import { printable } from '../secrets/printable.ts';
import type { AuthorizationFlow } from './authorization-request.ts';
import type { ServerMetadata } from './discovery.ts';

/** The URL to which the server sent the browser, or its parameters alone. */
export type AuthorizationResponse = string | URL | URLSearchParams | Readonly<Record<string, string>>;

/**
 * The authorization code. Not oauth4webapi's `validateAuthResponse`: its errors carry all parameters, the code among
 * them, and it looks at the issuer before the state.
 *
 * @param metadata - The server's, where its issuer is known.
 * @throws {@link AuthenticationError} when the answer is not that of this flow or of this server;
 * {@link TokenEndpointError} with `error` when the server says no.
 */
export function codeOf(
  response: AuthorizationResponse,
  flow: AuthorizationFlow,
  metadata: ServerMetadata | undefined,
): string {
  const parameters = parametersOf(response);
  const state = single(parameters, 'state');
  if (state === undefined || !equal(state, flow.state)) {
    throw untrusted('its state is not that of this login');
  }
  if (metadata !== undefined) checkIssuer(single(parameters, 'iss'), metadata);
  throwError(single(parameters, 'error'), single(parameters, 'error_description'));
  const code = single(parameters, 'code');
  if (code === undefined || code === '') throw untrusted('it has neither a code nor an error');
  return code;
}

function parametersOf(response: AuthorizationResponse): URLSearchParams {
  if (response instanceof URLSearchParams) return response;
  if (response instanceof URL) return response.searchParams;
  if (typeof response === 'string') {
    return new URLSearchParams(URL.canParse(response) ? new URL(response).search : response.replace(/^[^?]*\?/, ''));
  }
  if (typeof response === 'object' && response !== null) return new URLSearchParams({ ...response });
  throw new CredentialError(
    "option 'authorize' gave no answer: it must return the URL to which the browser was sent, or its parameters.",
  );
}

function single(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  if (values.length > 1) throw untrusted(`its '${name}' is there more than once`);
  return values[0];
}

/** Takes the same time wherever the difference is. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** RFC 9207 §2.4: compared as plain strings, and missed where the server has announced it. */
function checkIssuer(iss: string | undefined, metadata: ServerMetadata): void {
  const announced = metadata.authorization_response_iss_parameter_supported === true;
  if (iss === undefined ? !announced : iss === metadata.issuer) return;
  throw untrusted(`it is from another server than the requested one (iss ${iss ? 'differs' : 'is missing'})`);
}

function throwError(error: string | undefined, description: string | undefined): void {
  if (error === undefined) return;
  const said = printable(description === undefined ? error : `${error}: ${description}`);
  throw new TokenEndpointError(`The authorization server refused the login: ${said}`, {
    kind: 'oauth-error',
    error: printable(error),
    ...(description !== undefined && { errorDescription: printable(description) }),
  });
}

function untrusted(reason: string): AuthenticationError {
  return new AuthenticationError(`The answer to the login is not used: ${reason}.`);
}
