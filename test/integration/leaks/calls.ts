/** A credential was had, and then the call fails. */

import { setTimeout as sleep } from 'node:timers/promises';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import type { ClientDriver } from '../../helpers/clients.ts';
import { bound, outcome } from '../contract/fixture.ts';
import { type AuthenticatorRow, authenticators } from './authenticators.ts';
import { behave } from './authorities.ts';
import { debugSink } from './logs.ts';
import type { FailureGroup } from './paths.ts';
import type { Stage } from './stage.ts';

interface CallFailure {
  readonly name: string;
  /** Where the call goes: an origin of the stage, and a path. */
  to(stage: Stage): readonly [origin: string, path: string];
  readonly timeoutMs?: number;
  /** The caller aborts as soon as the server has all requests. */
  readonly aborts?: boolean;
}

const atApi = (name: string, path: string, more: Partial<CallFailure> = {}): CallFailure => ({
  name,
  to: ({ api }) => [api.origin, path],
  ...more,
});

const callFailures: readonly CallFailure[] = [
  atApi('401', '/401'),
  atApi('401 for every digest', '/digest'),
  atApi('401 for every password', '/basic'),
  atApi('403', '/403'),
  atApi('403 after a digest', '/digest/403'),
  atApi('500', '/500'),
  atApi('a time-out', '/hanging', { timeoutMs: 60 }),
  atApi('an abort', '/hanging', { aborts: true }),
  atApi('a broken connection', '/breaking'),
  atApi('half an answer', '/cut'),
  atApi('redirects without end', '/loop'),
  atApi('a redirect to nowhere', '/away'),
  { name: 'a refused connection', to: ({ closed }) => [closed, '/'] },
  { name: 'an answer that is no HTTP', to: ({ garbage }) => [garbage, '/'] },
  { name: 'TLS without a certificate', to: ({ broken }) => [broken, '/'] },
  { name: 'a server without TLS', to: ({ api }) => [api.origin.replace('http:', 'https:'), '/'] },
  { name: 'a bad URL', to: () => ['http://[bad', '/'] },
];

/** Every client × every way for a call to fail, with all authenticators at once. */
export function callGroups(driver: ClientDriver): FailureGroup[] {
  return callFailures.map((failure) => ({
    name: failure.name,
    paths: authenticators.map((row) => ({
      name: row.name,
      fail: (stage, companions) => failCall(driver, row, failure, stage, companions),
    })),
  }));
}

async function failCall(
  driver: ClientDriver,
  row: AuthenticatorRow,
  { to, timeoutMs, aborts }: CallFailure,
  stage: Stage,
  companions: number,
): Promise<readonly unknown[]> {
  const { api, pem } = stage;
  const auth = row.create({ authority: stage.authority + behave('kind'), pem, debug: true, logger: debugSink });
  const tokens = auth instanceof TokenAuthenticator ? auth.tokens : undefined;
  // What runs out of time is to be the call, not the login.
  await tokens?.get();
  const [origin, path] = to(stage);
  const send = driver.create(auth, bound(URL.canParse(origin) ? { origin } : api));
  const controller = new AbortController();
  // A companion whose connection fails never arrives: nobody waits for it without end.
  if (aborts) {
    void Promise.race([api.arrived(companions), sleep(15_000, undefined, { ref: false })]).then(() =>
      controller.abort(),
    );
  }
  const url = origin + path;
  const call = send({ url, signal: controller.signal, ...(timeoutMs !== undefined && { timeoutMs }) });
  const { error, response } = await outcome(driver, call);
  return [error, response?.native, auth, tokens];
}
