import { fetchAuth } from 'authwire/fetch';

/** fetch, the one client that every runtime has. */
export const fetchClient = {
  name: 'fetch',
  redirects: true,
  streams: true,
  create(auth, origins) {
    const api = fetchAuth(auth, { origins });
    return async ({ url, ...init }) => {
      const duplex = init.body instanceof ReadableStream ? { duplex: 'half' } : {};
      const response = await api(url, { ...init, ...duplex });
      return { status: response.status, text: await response.text() };
    };
  },
};
