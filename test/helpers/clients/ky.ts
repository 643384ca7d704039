import ky, { isHTTPError, type KyInstance, type Options } from 'ky';
import kyOne from 'ky1';
import { kyAuth } from '../../../src/adapters/ky.ts';
import {
  adapterOptions,
  type ClientDriver,
  type ClientOptions,
  type ClientRequest,
  type ClientResponse,
  defined,
  fromFetchResponse,
  listOf,
  usualCapabilities,
} from './driver.ts';
import { fetchInit, webStream } from './fetch.ts';
import { pooledFetch } from './pool.ts';

function createKy(base: KyInstance, baseUrlOption: string, options: ClientOptions): KyInstance {
  const { baseUrl, retry = 0 } = options;
  return base.create(
    defined({
      [baseUrlOption]: baseUrl,
      timeout: false,
      retry: { limit: retry, delay: () => 0 },
    }) as Options,
  );
}

/** ky's own time limit instead of a signal's. */
function kyOptions(request: ClientRequest): Options {
  const { timeoutMs, json, ...rest } = request;
  return defined({ ...fetchInit(rest), json, timeout: timeoutMs }) as Options;
}

/** ky 1 joins every string to its prefix, and lets only a `URL` pass by it. */
function kyUrl(url: string, hasPrefix: boolean): string | URL {
  if (URL.canParse(url)) return new URL(url);
  return hasPrefix ? url.replace(/^\//, '') : url;
}

/** ky 2 has read the body of an error's response and keeps it parsed in `data`; ky 1 leaves it to the caller. */
function fromKyError(error: { readonly response: Response; readonly data?: unknown }): ClientResponse {
  const { response, data } = error;
  if (!response.bodyUsed) return fromFetchResponse(response);
  const text = typeof data === 'object' ? JSON.stringify(data) : String(data ?? '');
  return { ...fromFetchResponse(response), text: async () => text };
}

function kyDriver(name: string, base: KyInstance, baseUrlOption: 'baseUrl' | 'prefixUrl'): ClientDriver {
  return {
    name,
    // ky 1 hands on a Request, which shows a stream whatever its body was made from: the adapter keeps a clone of it.
    capabilities: { ...usualCapabilities, resendsStreams: name === 'ky1' },
    create(auth, options = {}) {
      const pool = pooledFetch(options.connections);
      let client = createKy(base, baseUrlOption, options).extend({ fetch: pool });
      for (const one of listOf(auth)) {
        client = client.extend(kyAuth(one, adapterOptions(options)));
      }
      return async (request) => {
        const url = kyUrl(request.url, baseUrlOption === 'prefixUrl' && options.baseUrl !== undefined);
        return fromFetchResponse(await client(url, kyOptions(request)));
      };
    },
    responseOf: (error) => (isHTTPError(error) ? fromKyError(error) : undefined),
    stream: webStream,
  };
}

export const kyTwo = kyDriver('ky', ky, 'baseUrl');
export const ky1 = kyDriver('ky1', kyOne as unknown as KyInstance, 'prefixUrl');
