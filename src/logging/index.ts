export { fingerprint, MASK, reveal, Secret, secret, secretsEqual } from '../secret.ts';
export { type AuthLogger, authLogger, type DebugSink, type LoggerOptions } from './auth-logger.ts';
export {
  type CredentialFilter,
  type CredentialFilterOptions,
  createCredentialFilter,
  credentialFilter,
} from './credential-filter.ts';
