/** What openapi-typescript writes for an API with one endpoint. */
export interface paths {
  '/reports': {
    get: {
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': string[] } } };
    };
  };
}
