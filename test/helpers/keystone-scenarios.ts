/**
 * What is done with a Keystone, once against the real one while it is recorded, and ever after against the record.
 */

import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../src/authenticators/openstack.ts';
import { MultiFactorRequiredError } from '../../src/errors.ts';
import { reveal } from '../../src/secret.ts';
import { MemoryTokenStore } from '../../src/tokens/memory-store.ts';

/** What a server gave and a user has: names, ids, secrets. */
export interface KeystoneValues {
  readonly origin: string;
  readonly userId: string;
  readonly username: string;
  readonly password: string;
  readonly domain: string;
  readonly project: string;
  readonly projectId: string;
  readonly adminPassword: string;
  readonly credentialId: string;
  readonly credentialName: string;
  readonly credentialSecret: string;
  readonly carefulUsername: string;
  readonly carefulPassword: string;
  readonly passcode: string;
  readonly revokedToken: string;
}

/** What the scenario is played with: Keystone's, and the time. */
export interface Stage {
  readonly values: KeystoneValues;
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

export type Scenario = (stage: Stage) => Promise<unknown>;

function login(stage: Stage, options: Partial<AuthOpenStackOptions>): AuthOpenStack {
  const { values, fetch, now } = stage;
  return new AuthOpenStack({ authUrl: `${values.origin}/v3`, fetch, now, ...options });
}

const ada = ({ values }: Stage) => ({
  username: values.username,
  password: values.password,
  userDomainName: values.domain,
});
const reports = ({ values }: Stage) => ({ projectName: values.project, projectDomainName: values.domain });

async function tokenOf(stage: Stage, options: Partial<AuthOpenStackOptions>): Promise<unknown> {
  const { accessToken, expiresAt } = await login(stage, options).tokens.get();
  return { accessToken, expiresAt };
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  'password with names': (stage) => tokenOf(stage, { ...ada(stage), ...reports(stage) }),
  'password with ids': (stage) => {
    const { userId, password, projectId } = stage.values;
    return tokenOf(stage, { userId, password, projectId });
  },
  'unscoped, then rescoped with the token': async (stage) => {
    const { accessToken } = await login(stage, { ...ada(stage), unscoped: true }).tokens.get();
    return tokenOf(stage, { token: accessToken, ...reports(stage) });
  },
  'system scope': (stage) => {
    const admin = { username: 'admin', password: stage.values.adminPassword, userDomainId: 'default' };
    return tokenOf(stage, { ...admin, systemScope: 'all' });
  },
  'application credential by id': (stage) => {
    const { credentialId, credentialSecret } = stage.values;
    return tokenOf(stage, { applicationCredentialId: credentialId, applicationCredentialSecret: credentialSecret });
  },
  'application credential by name': (stage) => {
    const { credentialName, credentialSecret } = stage.values;
    const { password: _, ...user } = ada(stage);
    return tokenOf(stage, {
      ...user,
      applicationCredentialName: credentialName,
      applicationCredentialSecret: credentialSecret,
    });
  },
  'application credential with a wrong secret': (stage) => {
    const wrong = { applicationCredentialId: stage.values.credentialId, applicationCredentialSecret: 'a wrong secret' };
    return tokenOf(stage, wrong).catch(({ message, status }) => ({ message, status }));
  },
  'wrong password': (stage) => {
    return tokenOf(stage, { ...ada(stage), password: 'a wrong one' }).catch(({ message, status }) => ({
      message,
      status,
    }));
  },
  'receipt, then the second factor': async (stage) => {
    const { carefulUsername, carefulPassword, passcode, domain } = stage.values;
    const careful = { username: carefulUsername, userDomainName: domain };
    const first = Promise.resolve(login(stage, { ...careful, password: carefulPassword }).tokens.get());
    const error = await first.catch((thrown: unknown) => thrown);
    if (!(error instanceof MultiFactorRequiredError)) throw new Error('there was no receipt', { cause: error });
    const { message, methods, requiredMethods, expiresAt, receipt } = error;
    const token = await tokenOf(stage, { ...careful, passcode, receipt });
    return { message, methods, requiredMethods, expiresAt, receipt: reveal(receipt), token };
  },
  'discovery, then the catalogue': async (stage) => {
    const auth = login(stage, { ...ada(stage), ...reports(stage), authUrl: stage.values.origin });
    return {
      compute: await auth.endpointFor('compute', { region: 'RegionTwo' }),
      blockStorage: await auth.endpointFor('block-storage'),
      ambiguous: await auth.endpointFor('compute').catch(({ message }) => message),
      absent: await auth.endpointFor('object-store').catch(({ message, available }) => ({ message, available })),
    };
  },
  'catalogue of a token out of a store': async (stage) => {
    const store = new MemoryTokenStore();
    const options = { ...ada(stage), ...reports(stage), store };
    await login(stage, options).tokens.get();
    return login(stage, options).endpointFor('block-storage');
  },
  'revoked token, 401, login, 200': async (stage) => {
    const options = { ...ada(stage), ...reports(stage), store: new MemoryTokenStore() };
    const auth = login(stage, options);
    await auth.tokens.set({ accessToken: stage.values.revokedToken, tokenType: 'Keystone' });
    const response = await fetchAuth(auth, { origins: [stage.values.origin], fetch: stage.fetch })(
      `${stage.values.origin}/v3/auth/projects`,
    );
    return { status: response.status, body: await response.json() };
  },
};
