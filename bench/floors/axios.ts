/** axios by hand: its interceptor in five lines; with care, a wrapper around the adapter. */

import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
import type { TokenKeeper } from './token-keeper.ts';

/** Sets the header. */
export function fiveLineAxios(client: AxiosInstance, token: () => string): void {
  client.interceptors.request.use((config) => {
    config.headers.set('Authorization', `Bearer ${token()}`);
    return config;
  });
}

/** Below the interceptors: knows the expiry, renews once and resends, unless the body is a stream. */
export function carefulAxios(client: AxiosInstance, keeper: TokenKeeper): void {
  const inner = axios.getAdapter(client.defaults.adapter);
  client.defaults.adapter = async (config): Promise<AxiosResponse> => {
    if (keeper.isExpired) await keeper.renew();
    const used = keeper.authorization;
    config.headers.set('Authorization', used);
    try {
      return await inner(config);
    } catch (error) {
      if (!isAxiosError(error) || error.response?.status !== 401 || isStream(config.data)) throw error;
      await keeper.renew(used);
      config.headers.set('Authorization', keeper.authorization);
      return inner(config);
    }
  };
}

function isStream(data: unknown): boolean {
  return typeof (data as { pipe?: unknown } | undefined)?.pipe === 'function';
}
