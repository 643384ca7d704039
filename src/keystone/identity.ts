/**
 * Who logs in, and the proofs of it (Identity API v3, "identity"): one method, or several at once.
 */

import { askSecret, givenSecret } from '../ask-secret.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import { type Reference, referenceOption } from './domain.ts';
import { givenOptions, refuse, textOption } from './options.ts';

/** Who signs in: a user with a password, a one-time passcode or both; a token; or an application credential. */
export interface IdentityOptions {
  /** The id of the user. Default: none, see `username`. */
  readonly userId?: string;
  /** The name of the user, unique within a domain only: give the domain too. Default: none, see `userId`. */
  readonly username?: string;
  /** The id of the domain of `username`. Default: none. */
  readonly userDomainId?: string;
  /** The name of the domain of `username`. Default: none. */
  readonly userDomainName?: string;
  /** The password of the user. Default: none. */
  readonly password?: SecretOption;
  /**
   * A one-time passcode (TOTP). Give a function: a passcode works once, and each login needs a new one. Default: none.
   */
  readonly passcode?: SecretOption;
  /** A Keystone token to exchange for one of another scope. The new one expires with it. Default: none. */
  readonly token?: SecretOption;
  /** The id of the application credential. Default: none. */
  readonly applicationCredentialId?: string;
  /** The name of the application credential. Needs its user. Default: none. */
  readonly applicationCredentialName?: string;
  /** The secret of the application credential. Default: none. */
  readonly applicationCredentialSecret?: SecretOption;
}

/** Options that hold a secret, and what errors call it. */
const SECRETS = {
  password: 'the password',
  passcode: 'the passcode',
  token: 'the token',
  applicationCredentialSecret: 'the secret of the application credential',
} as const;
type SecretName = keyof typeof SECRETS;

const USER = {
  id: 'userId',
  name: 'username',
  domainId: 'userDomainId',
  domainName: 'userDomainName',
} as const;
const APPLICATION_CREDENTIAL = ['applicationCredentialId', 'applicationCredentialName'] as const;

/** An identity whose options have been checked. */
export interface Identity {
  /** Who logs in, by name; `undefined` where only the proof itself knows. */
  readonly subject: string | undefined;
  /** The secret values that prove who logs in, but for a passcode, which is another one each time. */
  proofs(): Promise<readonly string[]>;
  readonly isApplicationCredential: boolean;
  /** The request's `auth.identity`. Secrets that are functions are asked each time. */
  request(): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Checks the options before any I/O.
 *
 * @param registerSecret - Told of each secret the moment it is learned.
 * @throws {@link ConfigurationError} naming the option, {@link CredentialError} for a secret that cannot be sent.
 */
export function identity(
  options: IdentityOptions,
  registerSecret: (key: string, value: string | undefined) => void,
): Identity {
  const proofs = givenOptions(options, Object.keys(SECRETS) as SecretName[]);
  checkProofs(proofs);
  const user = referenceOption(options, USER);
  const credential = applicationCredential(options, proofs);
  checkUser(options, proofs, user, credential);
  for (const name of proofs) {
    const given = givenSecret(options[name] as SecretOption, SECRETS[name], assertSecretText);
    registerSecret(name, given);
  }
  const read = async (name: SecretName) => {
    const value = await askSecret(options[name] as SecretOption, SECRETS[name], assertSecretText);
    registerSecret(name, value);
    return value;
  };
  return {
    subject: user === undefined && credential === undefined ? undefined : JSON.stringify([user, credential]),
    isApplicationCredential: credential !== undefined,
    proofs: () => Promise.all(proofs.filter((name) => name !== 'passcode').map(read)),
    async request() {
      const methods: (readonly [string, unknown])[] = [];
      for (const name of proofs) methods.push(method(name, await read(name), user, credential));
      return { methods: methods.map(([method]) => method), ...Object.fromEntries(methods) };
    },
  };
}

function checkProofs(proofs: readonly SecretName[]): void {
  if (proofs.length === 0) {
    refuse('password', "must be given with 'username', unless you log in with a 'token' or an application credential.");
  }
  const other = proofs.find((name) => name !== 'applicationCredentialSecret');
  if (other !== undefined && proofs.includes('applicationCredentialSecret')) {
    refuse(other, 'and an application credential are two ways to log in: leave one out.');
  }
}

function applicationCredential(options: IdentityOptions, proofs: readonly SecretName[]): Reference | undefined {
  const [id, name] = APPLICATION_CREDENTIAL.map((option) => textOption(options, option));
  const given = givenOptions(options, APPLICATION_CREDENTIAL)[0];
  if (!proofs.includes('applicationCredentialSecret')) {
    return given === undefined ? undefined : refuse('applicationCredentialSecret', `must be given with '${given}'.`);
  }
  if (id !== undefined && name !== undefined) {
    refuse('applicationCredentialName', "and 'applicationCredentialId' name the same thing: give one of them.");
  }
  if (id !== undefined) return { id };
  return name === undefined
    ? refuse(
        'applicationCredentialId',
        "must name the application credential (or 'applicationCredentialName' with a user).",
      )
    : { name };
}

/** A name needs to know its user; what is unique by itself must not name another. */
function checkUser(
  options: IdentityOptions,
  proofs: readonly SecretName[],
  user: Reference | undefined,
  credential: Reference | undefined,
): void {
  const needed = credential === undefined ? proofs.some((name) => name !== 'token') : 'name' in credential;
  if (needed === (user !== undefined)) return;
  if (needed) refuse('username', "with 'userDomainName' (or 'userId') must name the user.");
  const [given = 'username'] = givenOptions(options, Object.values(USER));
  refuse(
    given,
    `has no meaning with ${credential ? 'the id of an application credential' : "a 'token'"}: leave it out.`,
  );
}

function method(
  name: SecretName,
  secret: string,
  user: Reference | undefined,
  credential: Reference | undefined,
): readonly [string, unknown] {
  switch (name) {
    case 'password':
      return ['password', { user: { ...user, password: secret } }];
    case 'passcode':
      return ['totp', { user: { ...user, passcode: secret } }];
    case 'token':
      return ['token', { id: secret }];
    case 'applicationCredentialSecret':
      return ['application_credential', { ...credential, ...(user !== undefined && { user }), secret }];
  }
}
