import { fetchClient } from './fetch-client.mjs';

/**
 * The clients behind one call shape: `create(auth, origins)` gives a function that sends. Each is loaded when it is asked
 * for, because not every runtime loads every client.
 *
 * @type {Record<string, () => Promise<any>>}
 */
export const loaders = {
  fetch: async () => fetchClient,
  async axios() {
    const [{ default: axios }, { axiosAuth }] = await Promise.all([import('axios'), import('authwire/axios')]);
    return {
      name: 'axios',
      redirects: true,
      create(auth, origins) {
        const api = axios.create({ validateStatus: null, responseType: 'text', transformResponse: (data) => data });
        api.interceptors.request.use(axiosAuth(auth, { origins }));
        return async ({ body, ...config }) => {
          const { status, data } = await api.request({ ...config, data: body });
          return { status, text: data };
        };
      },
    };
  },
  async got() {
    const [{ default: got }, { gotAuth }] = await Promise.all([import('got'), import('authwire/got')]);
    return {
      name: 'got',
      redirects: true,
      create(auth, origins) {
        const api = got.extend({ throwHttpErrors: false, retry: { limit: 0 } }, gotAuth(auth, { origins }));
        return async ({ url, ...options }) => {
          const { statusCode, body } = await api(url, options);
          return { status: statusCode, text: body };
        };
      },
    };
  },
  async ky() {
    const [{ default: ky }, { kyAuth }] = await Promise.all([import('ky'), import('authwire/ky')]);
    return {
      name: 'ky',
      redirects: true,
      create(auth, origins) {
        const api = ky.create({ throwHttpErrors: false, retry: 0 }).extend(kyAuth(auth, { origins }));
        return async ({ url, ...options }) => {
          const response = await api(url, options);
          return { status: response.status, text: await response.text() };
        };
      },
    };
  },
  async undici() {
    const [{ Agent, request }, { undiciAuth }] = await Promise.all([import('undici'), import('authwire/undici')]);
    return {
      name: 'undici',
      create(auth, origins) {
        const dispatcher = new Agent().compose(undiciAuth(auth, { origins }));
        return async ({ url, ...options }) => {
          const { statusCode, body } = await request(url, { ...options, dispatcher });
          return { status: statusCode, text: await body.text() };
        };
      },
    };
  },
};
