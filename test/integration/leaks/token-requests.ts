/** No credential can be had: the server of the tokens fails, is hostile, or the secret cannot be sent. */

import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import type { ClientDriver } from '../../helpers/clients.ts';
import { bound, outcome } from '../contract/fixture.ts';
import { type AuthenticatorRow, authenticators, type Given } from './authenticators.ts';
import { behave, echoes, uselessAnswers } from './authorities.ts';
import { debugSink } from './logs.ts';
import type { FailureGroup } from './paths.ts';
import type { Stage } from './stage.ts';

interface RequestFailure {
  readonly name: string;
  /** Default: those that ask a server. */
  readonly of?: (row: AuthenticatorRow) => boolean;
  /** How long a call waits for its credential. The login itself is given up later. */
  readonly deadlineMs?: number;
  readonly given: (stage: Stage) => Partial<Given> & Pick<Given, 'authority'>;
}

const behaving = (name: string, more: Partial<RequestFailure> = {}): RequestFailure => ({
  name: `a server that ${name}`,
  given: ({ authority }) => ({ authority: authority + behave(name) }),
  ...more,
});

const spoilt = (name: string, spoil: (secret: string) => string): RequestFailure => ({
  name: `a secret with ${name}`,
  of: (row) => row.givenSecret,
  given: ({ authority }) => ({ authority: authority + behave('kind'), spoil }),
});

const requestFailures: readonly RequestFailure[] = [
  ...echoes.map((name) => behaving(name)),
  ...uselessAnswers.filter((name) => name !== 'says nothing').map((name) => behaving(name)),
  behaving('says nothing', { deadlineMs: 60 }),
  { name: 'a server that refuses connections', given: ({ closed }) => ({ authority: closed }) },
  { name: 'a server that speaks no HTTP', given: ({ garbage }) => ({ authority: garbage }) },
  { name: 'a server without a certificate', given: ({ broken }) => ({ authority: broken }) },
  { name: 'a server without TLS', given: ({ authority }) => ({ authority: authority.replace('http:', 'https:') }) },
  spoilt('a line break', (secret) => `${secret}\r\nx-injected: ${secret}`),
  spoilt('a NUL', (secret) => `${secret}\0`),
  spoilt('half a surrogate pair', (secret) => `${secret}\ud83d`),
];

/**
 * Every way for a credential not to be had × every authenticator. The clients take turns, so that each of them meets
 * every authenticator and every failure.
 */
export function tokenRequestGroups(drivers: readonly ClientDriver[]): FailureGroup[] {
  return requestFailures.map((failure, turn) => ({
    name: failure.name,
    paths: authenticators.filter(failure.of ?? (({ asksServer }) => asksServer)).map((row, index) => {
      const driver = drivers[(turn + index) % drivers.length] as ClientDriver;
      return { name: `${row.name} through ${driver.name}`, fail: (stage) => failRequest(driver, row, failure, stage) };
    }),
  }));
}

async function failRequest(driver: ClientDriver, row: AuthenticatorRow, failure: RequestFailure, stage: Stage) {
  const { api, pem } = stage;
  const { deadlineMs } = failure;
  const limit = deadlineMs === undefined ? undefined : { deadlineMs: 2 * deadlineMs };
  const auth = row.create({ pem, debug: true, logger: debugSink, ...limit, ...failure.given(stage) });
  const send = driver.create(auth, { ...bound(api), ...(deadlineMs !== undefined && { deadlineMs }) });
  const first = await outcome(driver, send({ url: api.url('/401') }));
  // What has failed is remembered, and said again.
  const second = await outcome(driver, send({ url: api.url('/401') }));
  return [first.error, second.error, await directly(auth), auth];
}

/** What comes of asking the authenticator without any client. */
async function directly(auth: Authenticator): Promise<unknown> {
  if (!(auth instanceof TokenAuthenticator)) return undefined;
  return Promise.resolve(auth.tokens.get()).then(
    () => undefined,
    (error: unknown) => error,
  );
}
