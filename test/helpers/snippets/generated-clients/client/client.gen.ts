/** The part of what `@hey-api/openapi-ts` writes that a snippet uses. */
export const client = {
  setConfig(config: { baseUrl?: string; fetch?: typeof fetch }): object {
    return config;
  },
};
