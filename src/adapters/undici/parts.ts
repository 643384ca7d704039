import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';
import { type AuthCallOptions, readCallOptions } from '../../lifecycle/call-options.ts';
import { originOf } from '../../lifecycle/origins.ts';
import { isReplayable } from '../web/body.ts';
import { multipartBlob } from '../web/multipart.ts';
import { isFormData } from '../web/shape.ts';
import type { UndiciBody, UndiciBodyFactory } from './body.ts';
import { type HeaderSource, readHeaders } from './headers.ts';

/** What undici dispatches, and what this adapter takes with it. */
export type AuthDispatchOptions = Dispatcher.DispatchOptions & {
  readonly signal?: unknown;
  readonly bodyFactory?: UndiciBodyFactory | undefined;
} & AuthCallOptions;

/** The options of one dispatch, understood. */
export interface CallParts {
  /** A copy, which nobody else can change. */
  readonly options: AuthDispatchOptions;
  readonly origin: string;
  /** A copy as well; never written to. */
  readonly headers: HeaderSource;
  readonly body: UndiciBody;
  readonly bodyFactory: UndiciBodyFactory | undefined;
  readonly replayable: boolean;
  readonly call: AuthCallOptions | undefined;
}

/**
 * Reads the options of a dispatch. `undefined`: nothing to sign, because the call is aborted, goes elsewhere than its
 * path says, or is wrong in a way that undici itself will name.
 *
 * @throws {@link ConfigurationError} when nothing says where the request goes.
 */
export function readCall(given: AuthDispatchOptions): CallParts | undefined {
  const options = snapshot(given);
  const { path, method, headers, signal } = options;
  if (typeof path !== 'string' || typeof method !== 'string' || typeof (headers ?? {}) !== 'object') return undefined;
  if ((signal as AbortSignal | undefined)?.aborted === true) return undefined;
  const origin = readOrigin(options);
  if (origin === undefined) return undefined;
  // A redirect that drops the body leaves the factory in place: it has no say over GET and HEAD.
  const bodyFactory = method === 'GET' || method === 'HEAD' ? undefined : options.bodyFactory;
  const body = isFormData(options.body) ? multipartBlob(options.body) : options.body;
  const replayable = bodyFactory !== undefined || isReplayable(body);
  const call = readCallOptions(options);
  return { options, origin, headers: readHeaders(headers), body, bodyFactory, replayable, call };
}

/** The caller may change what he gave while the credential is still to come: what was checked is what is sent. */
function snapshot(given: AuthDispatchOptions): AuthDispatchOptions {
  const options = { ...given };
  const { origin, query } = options;
  if (typeof origin === 'object' && origin !== null) options.origin = origin.origin;
  if (typeof query === 'object' && query !== null) options.query = copyQuery(query);
  return options;
}

function copyQuery(query: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) copy[name] = Array.isArray(value) ? [...value] : value;
  return copy;
}

function readOrigin({ origin, path, method }: AuthDispatchOptions): string | undefined {
  if (origin === undefined || origin === null || origin === '') throw noOrigin();
  if (method === 'CONNECT' || path.startsWith('/')) return parse(`${stringOf(origin)}/`);
  // The form for proxies: the connection goes to one place and the request to another, unless both agree.
  const target = parse(path);
  return target === parse(`${stringOf(origin)}/`) ? target : undefined;
}

function stringOf(origin: string | URL): string {
  return typeof origin === 'string' ? origin : origin.origin;
}

function parse(url: string): string | undefined {
  try {
    return originOf(url);
  } catch {
    return undefined;
  }
}

function noOrigin(): ConfigurationError {
  return new ConfigurationError(
    "a request without 'origin' cannot be signed: a Client or Pool of undici 7 does not tell its interceptors where it " +
      "goes. Pass 'origin' with the call, or compose undiciAuth into an Agent.",
    { option: 'origin' },
  );
}
