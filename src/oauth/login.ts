import { askSecret, givenSecret } from '../ask-secret.ts';
import { ConfigurationError } from '../errors.ts';
import { flag, func, joinOptions, pickOptions, type Shape, secretOption, urlLike } from '../options.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import { outliveFor } from '../tokens/outlive.ts';
import type { Token, TokenRequest, TokenSource } from '../tokens/token.ts';
import { callEndpoint, type EndpointCallOptions } from './call-endpoint.ts';
import { endpointUrl } from './endpoint-url.ts';
import { callShape, definedText, responseShape } from './option-shapes.ts';
import { registerParameters, secretRegistrar } from './registered-secrets.ts';
import { storeKey } from './store-key.ts';
import { type TokenResponseOptions, tokenReader } from './token-response.ts';

/** The credentials of a login. */
export interface LoginCredentials {
  /** The user name. */
  readonly username: string;
  /** The password. */
  readonly password: string;
}

/** A login with user name and password. */
export interface LoginOptions extends TokenResponseOptions, EndpointCallOptions {
  /** The URL of the login: https, or http on loopback. */
  readonly tokenEndpoint: string | URL;
  /** The user name. */
  readonly username: string;
  /** The password; a function is called for each login. */
  readonly password: SecretOption;
  /**
   * Creates the body of the request: `URLSearchParams` are sent as a form, anything else as JSON. Default: `{ username,
   * password }`.
   */
  readonly body?: (credentials: LoginCredentials) => unknown;
  /** Allows http to hosts beyond loopback, where anyone on the network path can read the password. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/** The kinds of these options, for the authenticator that reads them all. */
export const loginShape: Shape<LoginOptions> = {
  ...responseShape,
  ...callShape,
  tokenEndpoint: urlLike,
  username: definedText,
  password: secretOption,
  body: func,
  allowInsecureRequests: flag,
};

/**
 * Logs in with a POST and picks the token from the JSON that comes back.
 *
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a password that
 * cannot be sent.
 */
export function login(given: LoginOptions): TokenSource {
  const options = pickOptions('AuthToken', given, loginShape);
  const { username, body = (credentials) => credentials } = options;
  const url = endpointUrl(options.tokenEndpoint, 'tokenEndpoint', options.allowInsecureRequests);
  const read = tokenReader(joinOptions(options, { anyTokenType: true }));
  if (typeof username !== 'string')
    throw new ConfigurationError("option 'username' takes text.", { option: 'username' });
  assertSecretText(username, 'the user name');
  const registerSecret = secretRegistrar();
  registerSecret('password', givenSecret(options.password, 'the password', assertSecretText));

  async function logIn({ signal }: TokenRequest): Promise<Token> {
    const password = await askSecret(options.password, 'the password', assertSecretText);
    registerSecret('password', password);
    const content = body({ username, password });
    const isForm = content instanceof URLSearchParams;
    registerParameters(registerSecret, 'body', isForm ? Object.fromEntries(content) : content);
    const send = (fetchWith: typeof fetch) =>
      fetchWith(url, { method: 'POST', redirect: 'manual', signal, ...encode(content) });
    return read(await callEndpoint(url, signal, send, options));
  }

  return {
    ...(options.body === undefined && {
      identity: {
        parameters: storeKey('login', url.href, username, options.tokenKey),
        proofs: async () => [await askSecret(options.password, 'the password', assertSecretText)],
      },
    }),
    requestToken: (request) => outliveFor(request, () => logIn(request), options.now),
  };
}

function encode(body: unknown): { body: string; headers: Record<string, string> } {
  const form = body instanceof URLSearchParams;
  return {
    body: form ? body.toString() : JSON.stringify(body),
    headers: {
      accept: 'application/json',
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
    },
  };
}
