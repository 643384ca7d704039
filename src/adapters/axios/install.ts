import { AuthError, ConfigurationError } from '../../errors.ts';
import { readCallOptions } from '../../lifecycle/call-options.ts';
import type { Authenticator } from '../../lifecycle/contract.ts';
import { run } from '../../lifecycle/loop.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../../lifecycle/wiring.ts';
import { anything, readOptions } from '../../options.ts';
import { limitWaiting } from '../web/waiting.ts';
import { bodyOf } from './body.ts';
import { AxiosCall, AxiosExchange, type ChosenAdapter } from './call.ts';
import { cancelSignal } from './cancel.ts';
import { copyOf, findCopy, isKnown } from './copy.ts';
import { addLayer, type Dispatch, innermost, isSameChoice, type Layer, withoutLayer } from './layers.ts';
import type { NodeSide } from './node-side.ts';
import type { AdapterChoice, AxiosAdapterFunction, AxiosCallConfig, AxiosReply, AxiosStatics } from './types.ts';
import { placeOf } from './url.ts';

/** Options of {@link axiosAuth}. */
export interface AxiosAuthOptions extends AdapterOptions {
  /**
   * Your copy of axios, to resolve adapter names with. Default: the loaded copy that a request comes from; needed only
   * where that cannot be found, because several ESM copies are installed or a bundler has renamed them.
   */
  readonly axios?: unknown;
}

/** What {@link axiosAuth} returns: a request interceptor of any axios instance. */
export type AxiosAuth = <Config extends { headers: object }>(config: Config) => Config;

/** `axiosAuth`, with what the platform needs. */
export function installAuth(
  authenticator: Authenticator,
  options: AxiosAuthOptions | undefined,
  side?: NodeSide,
): AxiosAuth {
  const read = readOptions('axiosAuth', options, { ...adapterShape, axios: anything });
  const wiring = wire('axiosAuth', authenticator, read);
  const given = copyGiven(read);
  const dispatch: Dispatch = (config, inner) => send(config, inner, wiring, given, side);
  let last: Layer | undefined;
  return (config) => {
    const call = config as { adapter?: AdapterChoice | undefined };
    const inner = withoutLayer(call.adapter ?? DEFAULT_ADAPTERS, authenticator);
    if (last === undefined || !isSameChoice(last.inner, inner)) last = addLayer(authenticator, inner, dispatch);
    call.adapter = last.adapter;
    return config;
  };
}

function copyGiven(options: AxiosAuthOptions): AxiosStatics | undefined {
  const given = options.axios as AxiosStatics | undefined;
  if (given === undefined || typeof given.getAdapter === 'function') return given;
  throw new ConfigurationError("option 'axios' is what you import from 'axios', not an instance.", { option: 'axios' });
}

/** What axios falls back to for a client without `adapter`. */
const DEFAULT_ADAPTERS: AdapterChoice = ['xhr', 'http', 'fetch'];

function send(
  config: AxiosCallConfig,
  inner: AdapterChoice,
  wiring: Wiring,
  given: AxiosStatics | undefined,
  side: NodeSide | undefined,
): Promise<AxiosReply> {
  const headersClass = config.headers.constructor;
  if (given !== undefined || isKnown(headersClass))
    return sendWith(given ?? copyOf(headersClass), config, inner, wiring, side);
  return findCopy(headersClass, side).then(() => sendWith(copyOf(headersClass), config, inner, wiring, side));
}

function sendWith(
  axios: AxiosStatics | undefined,
  caller: AxiosCallConfig,
  inner: AdapterChoice,
  wiring: Wiring,
  side: NodeSide | undefined,
): Promise<AxiosReply> {
  const adapter = choose(axios, caller, inner);
  if (adapter.name === 'http' && side === undefined) throw new ConfigurationError(NO_HTTP, { option: 'adapter' });
  const config = readOnce(caller);
  const place = placeOf(config);
  if (place === undefined) return sendElsewhere(caller, adapter);
  const signal = cancelSignal(config);
  const limited = limitWaiting(signal, Number(config.timeout), (ms) => timedOut(ms, caller, axios));
  const exchange = new AxiosExchange(wiring, limited, place.home, readCallOptions(config));
  const parts = { caller, config, place, body: bodyOf(config), headerPolicy: wiring.headerPolicy, axios, side };
  const answer = run(exchange, new AxiosCall(parts, wiring, exchange, adapter, signal));
  if (signal === undefined || !adapter.isFetch) return answer as Promise<AxiosReply>;
  return answer.then(unchanged, (error: unknown) => {
    throw signal.aborted && error === signal.reason ? canceled(error, caller, axios) : error;
  }) as Promise<AxiosReply>;
}

/** axios copies plain objects at the call. Others can still change while the credential is fetched. */
function readOnce(config: AxiosCallConfig): AxiosCallConfig {
  const { url, baseURL, params } = config;
  const isSafe = (value: unknown) => typeof value === 'string' || value === undefined;
  if (isSafe(url) && isSafe(baseURL) && !(params instanceof URLSearchParams)) return config;
  return {
    ...config,
    url: url === undefined || url === null ? url : String(url),
    baseURL: baseURL === undefined || baseURL === null ? baseURL : String(baseURL),
    params: params instanceof URLSearchParams ? new URLSearchParams(params) : params,
  };
}

/** A URL that is no http: axios's own adapters know what it is, or say what is wrong with it. */
function sendElsewhere(config: AxiosCallConfig, { name, isFetch, send }: ChosenAdapter): Promise<AxiosReply> {
  if (name === 'http' || name === 'xhr' || isFetch || config.skipAuth === true) return send(config);
  if (URL.canParse(String(config.url))) return send(config);
  return Promise.reject(
    new ConfigurationError(
      "the URL of this call is not absolute, so nobody can say whether the credential may travel there: set 'baseURL'.",
      { option: 'baseURL' },
    ),
  );
}

function choose(axios: AxiosStatics | undefined, config: AxiosCallConfig, inner: AdapterChoice): ChosenAdapter {
  const own = innermost(inner);
  if (typeof own === 'function') {
    const { adapterName: name } = own as { readonly adapterName?: string };
    return { inner, name, isFetch: false, send: inner as AxiosAdapterFunction };
  }
  if (axios === undefined) throw new ConfigurationError(NO_COPY, { option: 'axios' });
  const named = axios.getAdapter(own, config);
  const { adapterName: name } = named;
  const isFetch = name !== 'http' && name !== 'xhr';
  if (typeof inner === 'function') return { inner, name, isFetch, send: inner };
  // What the fetch adapter sends with depends on the config: it is chosen for the copy.
  return { inner, name, isFetch, send: isFetch ? (copy) => axios.getAdapter(inner, copy)(copy) : named };
}

const NO_HTTP =
  "authwire/axios was resolved for browsers (condition 'browser'), but axios sends with its http adapter: resolve it without that condition.";

const NO_COPY =
  "axiosAuth cannot load the copy of axios that this request comes from: name it in option 'axios', as in " +
  'axiosAuth(auth, { axios }).';

function unchanged<T>(value: T): T {
  return value;
}

/** As axios says it of a request that takes too long. */
function timedOut(ms: number, config: AxiosCallConfig, axios: AxiosStatics | undefined): unknown {
  const { timeoutErrorMessage, transitional } = config;
  const message = timeoutErrorMessage || `timeout of ${ms}ms exceeded`;
  const code = transitional?.clarifyTimeoutError ? 'ETIMEDOUT' : 'ECONNABORTED';
  if (axios === undefined) return new AuthError(message, { code: 'ERR_AUTH_TIMEOUT' });
  return axios.AxiosError.from(new Error(message), code, config);
}

/** The fetch adapter puts the signal's reason into its error; axios itself would only say "canceled". */
function canceled(reason: unknown, config: AxiosCallConfig, axios: AxiosStatics | undefined): unknown {
  if (axios?.CanceledError === undefined) return reason;
  return new axios.CanceledError(reason instanceof Error ? reason.message : reason, config);
}
