import { ConfigurationError, LoginRequiredError, TokenEndpointError } from '../../errors.ts';
import { func, positiveMilliseconds, readOptions, type Shape, textRecord } from '../../options.ts';
import { classify } from '../../tokens/back-off.ts';
import type { Token, TokenRequest } from '../../tokens/token.ts';
import { type DeviceCode, type DevicePrompt, readDeviceCode } from '../device-code.ts';
import { assertIdTokensValidated, idTokenValidator } from '../id-token.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { grantShape } from '../option-shapes.ts';
import { refreshFirst } from '../refresh-first.ts';
import { registerParameters } from '../registered-secrets.ts';
import { scopeUnion } from '../scope.ts';
import { ownParameters, type TokenEndpointOptions, tokenEndpoint, withTargets } from '../token-endpoint.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Shows the user the URL to open and the code to enter there. */
export type ShowDevicePrompt = (
  prompt: DevicePrompt & {
    /** Aborts when the code is no longer needed. */
    readonly signal: AbortSignal;
  },
) => void | Promise<void>;

/** Options of {@link deviceAuthorization}. */
export type DeviceAuthorizationOptions = TokenEndpointOptions & {
  /** Shows the code. Default: none, so that only a refresh token gives a token. */
  readonly show?: ShowDevicePrompt;
  /** More parameters of the device authorization request. Default: none. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  /** How long a login may take, in milliseconds, whatever the server says. Default: 1,800,000 (half an hour). */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 1_800_000;
/** RFC 8628 §3.5: all later intervals grow, too. */
const SLOW_DOWN_MS = 5000;
/** One poll that takes longer than this has failed. */
const POLL_DEADLINE_MS = 30_000;

const SHAPE: Shape<DeviceAuthorizationOptions> = {
  ...grantShape,
  show: func,
  authorizationParameters: textRecord,
  deadlineMs: positiveMilliseconds,
};

/**
 * The device authorization grant (RFC 8628): the user logs in on another screen, while this one asks again and again.
 *
 * A refresh token that came with the last token is used first, as with {@link authorizationCode}.
 *
 * @example
 * const source = deviceAuthorization({
 *   issuer, clientId, scope: 'openid',
 *   show: ({ userCode, verificationUri }) => console.error(`Open ${verificationUri} and enter ${userCode}`),
 * });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory. The source itself throws
 * {@link LoginRequiredError} without `show`, and {@link TokenEndpointError} with `error` (`access_denied`,
 * `expired_token`) when the login failed.
 */
export function deviceAuthorization(given: DeviceAuthorizationOptions): OAuthSource {
  const options = readOptions('deviceAuthorization', given, SHAPE);
  const { show, deadlineMs = DEADLINE_MS } = options;
  const endpoint = tokenEndpoint('deviceAuthorization', options, {
    validator: idTokenValidator,
    interactive: true,
    reserved: ['device_code'],
  });
  const { client } = endpoint;
  assertOptions(options);
  assertIdTokensValidated(client.server, options);
  const common = withTargets(ownParameters(options.authorizationParameters, 'authorizationParameters'), options);
  registerParameters(endpoint.registerSecret, 'authorizationParameters', options.authorizationParameters);

  async function begin(scope: readonly string[], signal: AbortSignal): Promise<DeviceCode> {
    const form = new URLSearchParams(common);
    form.set('client_id', client.clientId);
    if (scope.length > 0) form.set('scope', scope.join(' '));
    const response = await client.post('deviceAuthorizationEndpoint', { form, signal });
    const code = readDeviceCode(response, options.allowInsecureRequests);
    endpoint.registerSecret('deviceCode', code.deviceCode);
    return code;
  }

  async function login({ signal, demand }: TokenRequest, refusal?: unknown): Promise<Token> {
    if (show === undefined) {
      throw new LoginRequiredError("a user has to log in: give option 'show'.", {
        cause: refusal,
      });
    }
    const asked = scopeUnion(options.scope, demand?.scope);
    const code = await begin(asked, signal);
    const done = new AbortController();
    const untilDone = AbortSignal.any([signal, done.signal]);
    try {
      const shown = Promise.resolve(show({ ...code.prompt, signal: untilDone }));
      const polled = poll(code, asked, untilDone);
      // Showing the code may take as long as the login does; only its failure ends that.
      return await Promise.race([polled, shown.then(() => polled)]);
    } finally {
      done.abort();
    }
  }

  /** RFC 8628 §3.5: waits before each question, longer after `slow_down` and after silence. */
  async function poll(code: DeviceCode, asked: readonly string[], signal: AbortSignal): Promise<Token> {
    let { intervalMs } = code;
    for (;;) {
      if (client.now() + intervalMs >= code.prompt.expiresAt) throw expired();
      await client.wait(intervalMs, signal);
      const answer = await ask(code, asked, signal);
      if (!(answer instanceof TokenEndpointError)) return answer;
      intervalMs = nextInterval(intervalMs, answer, client.now());
    }
  }

  /** @returns The token, or the reason to ask again. */
  async function ask(code: DeviceCode, asked: readonly string[], signal: AbortSignal) {
    try {
      return await endpoint.request({
        grantType: GRANT_TYPE,
        parameters: { device_code: code.deviceCode },
        asked,
        idToken: { required: asked.includes('openid') },
        signal: AbortSignal.any([signal, AbortSignal.timeout(POLL_DEADLINE_MS)]),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TokenEndpointError && mayAskAgain(error)) return error;
      throw error;
    }
  }

  const source = {
    deadlineMs,
    interactive: true,
    ...refreshFirst(endpoint, login),
  };
  return oauthSource(endpoint, source);
}

/** Still waiting, or a network failure. A refusal or an unreadable response ends the login. */
function mayAskAgain(error: TokenEndpointError): boolean {
  return error.kind !== 'malformed' && !classify(error).terminal;
}

function nextInterval(intervalMs: number, { kind, error, retryAt }: TokenEndpointError, now: number): number {
  if (error === 'authorization_pending') return intervalMs;
  if (kind === 'oauth-error' && error === 'slow_down') return intervalMs + SLOW_DOWN_MS;
  return Math.max(intervalMs * 2, retryAt === undefined ? 0 : retryAt - now);
}

function expired(): TokenEndpointError {
  return new TokenEndpointError('The login failed: the code expired before it was used. Start again.', {
    kind: 'oauth-error',
    error: 'expired_token',
  });
}

function assertOptions({ show, issuer, metadataUrl, deviceAuthorizationEndpoint }: DeviceAuthorizationOptions): void {
  if (show !== undefined && typeof show !== 'function') {
    throw new ConfigurationError("option 'show' takes a function.", { option: 'show' });
  }
  if ((issuer ?? metadataUrl ?? deviceAuthorizationEndpoint) !== undefined) return;
  throw new ConfigurationError("option 'deviceAuthorizationEndpoint' or 'issuer' is missing.", {
    option: 'deviceAuthorizationEndpoint',
  });
}
