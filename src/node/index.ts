/**
 * What only Node can do: tokens from a command, secrets from files and the environment, proxies and TLS.
 */

import { hintAt } from '../fields/nearest.ts';
import { spelling } from '../options.ts';

// package.json lists this file under `sideEffects`.
spelling.hint = hintAt;

export type { SignInFields } from '../fields/sign-in-fields.ts';
export { buildAuthenticator } from './build-authenticator.ts';
export { AuthCommand, type AuthCommandOptions, commandOptions } from './command/auth-command.ts';
export { CommandError, type CommandErrorKind } from './command/error.ts';
export { type CommandOptions, commandSource } from './command/source.ts';
export { AuthDevice, type AuthDeviceOptions } from './login/auth-device.ts';
export { AuthPkce, type AuthPkceOptions } from './login/auth-pkce.ts';
export type { BrowserLoginOptions, LoginLink } from './login/browser-options.ts';
export type { PageOptions } from './login/callback/pages.ts';
export type { CodeLoginOptions, DeviceLoginOptions } from './login/device-options.ts';
export { type AuthenticateOptions, authenticate } from './login/freva/authenticate.ts';
export type { TokenJson } from './login/freva/token-json.ts';
export { deviceOptions, pkceOptions } from './login/from-fields.ts';
export type { OpenBrowser } from './login/open-browser.ts';
export { processTerminal, type Terminal } from './login/terminal.ts';
export { type SecretFileOptions, secretEnv, secretFile } from './secret-file.ts';
export { serviceAccount } from './service-account.ts';
export { CREDENTIAL_STORES, type CredentialStoreName, credentialStore } from './stores/credential-store.ts';
export {
  type EncryptedFileTokenStore,
  type EncryptedFileTokenStoreOptions,
  type EncryptionKey,
  encryptedFileTokenStore,
} from './stores/encrypted-file-token-store.ts';
export { fileTokenStore } from './stores/file-token-store.ts';
export { type KeyringTokenStoreOptions, keyringTokenStore } from './stores/keyring-token-store.ts';
export { type FileLock, type FileLockOptions, fileLock, LockTimeoutError } from './stores/lock/file-lock.ts';
export type { PersistentTokenStore, StoredCredential, StoreStatus } from './stores/persistent-store.ts';
export { ProxyError, type ProxyErrorOptions, TlsError, type TlsErrorOptions } from './transport/errors.ts';
export type {
  ProxyAddress,
  ProxyCredentials,
  ProxyOptions,
  TlsOptions,
  TransportOptions,
} from './transport/options.ts';
export { createTransport, type Transport } from './transport/transport.ts';
export { transportFor } from './transport/transport-for.ts';
