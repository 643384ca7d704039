import { plugIn } from './text-filter.ts';

export { fingerprint, MASK, reveal, Secret, secret, secretsEqual } from '../secret.ts';
export type { AuthLogger, DebugSink, LoggerOptions } from '../secrets/debug-sink.ts';
export { authLogger } from './auth-logger.ts';
export {
  type CredentialFilter,
  createCredentialFilter,
  credentialFilter,
} from './credential-filter.ts';
export { wrapConsole } from './sinks/console.ts';
export { wrapDebug } from './sinks/debug.ts';
export { type SpanProcessorLike, wrapSpanProcessor } from './sinks/open-telemetry.ts';
export type { Undo } from './sinks/override.ts';
export { pinoMask } from './sinks/pino.ts';
export { type MaskFormat, winstonFormat } from './sinks/winston.ts';
export { type WritableLike, wrapProcessOutput, wrapWritable } from './sinks/writable.ts';
export type { CredentialFilterOptions } from './text-filter.ts';

// Bundlers keep what an entry does, and drop what its modules compute if nobody uses it.
plugIn();
