/** axios by hand: its interceptor in five lines; with care, an interceptor that wraps the adapter of each call. */

import axios, { AxiosHeaders, type AxiosInstance, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { HeldToken, TokenKeeper } from './token-keeper.ts';

type Config = InternalAxiosRequestConfig;

/** Sets the header. */
export function fiveLineAxios(client: AxiosInstance, token: () => string): void {
  client.interceptors.request.use((config) => {
    config.headers.set('Authorization', `Bearer ${token()}`);
    return config;
  });
}

/** Signs a copy below axios, so that no error shows the token; renews and resends there as well. */
export function carefulAxios(client: AxiosInstance, keeper: TokenKeeper): void {
  client.interceptors.request.use((config) => {
    const inner = config.adapter;
    config.adapter = (call) => exchange(call, inner, keeper);
    return config;
  });
}

async function exchange(call: Config, inner: Config['adapter'], keeper: TokenKeeper): Promise<AxiosResponse> {
  const send = (token: HeldToken) => {
    const headers = new AxiosHeaders(call.headers);
    headers.set('Authorization', `Bearer ${token.value}`);
    return axios.getAdapter(inner)({ ...call, ...(inner && { adapter: inner }), headers });
  };
  const used = keeper.current ?? (await keeper.renew());
  try {
    const response = await send(used);
    if (response.status !== 401 || isOneShot(call.data)) return withCallersConfig(response, call);
    free(response);
  } catch (error) {
    if (!axios.isAxiosError(error) || error.response?.status !== 401 || isOneShot(call.data)) {
      throw withCallersConfig(error, call);
    }
    free(error.response);
  }
  const renewed = await keeper.renew(used);
  return send(renewed).then(
    (response) => withCallersConfig(response, call),
    (error) => Promise.reject(withCallersConfig(error, call)),
  );
}

/** What the caller gets shows his own config, not the signed copy. */
function withCallersConfig<T>(result: T, config: Config): T {
  const holder = result as { config?: Config; response?: { config?: Config } };
  holder.config = config;
  if (holder.response) holder.response.config = config;
  return result;
}

function isOneShot(data: unknown): boolean {
  return typeof data === 'object' && data !== null && ('pipe' in data || data instanceof ReadableStream);
}

function free(response: AxiosResponse): void {
  response.data?.destroy?.();
}
