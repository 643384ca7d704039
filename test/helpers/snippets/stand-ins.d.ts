// Declarations of modules that the documentation names and this repository does not install, because they are large. They
// declare what the snippets use and no more.

declare module 'next/headers' {
  export function headers(): Promise<Headers>;
}

declare module 'openai' {
  /** Its own type of `fetch`; the constructor also takes `baseURL` and `apiKey`, which it requires. */
  class OpenAI {
    constructor(options: { apiKey: string; baseURL?: string; fetch?: typeof globalThis.fetch });
    readonly models: { list(): Promise<{ data: { id: string }[] }> };
  }
  // biome-ignore lint/style/noDefaultExport: it is how the package exports its client.
  export default OpenAI;
}
