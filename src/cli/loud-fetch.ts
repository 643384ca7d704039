/** A fetch that says what it asked for and what came back: method, address without query, status and time. */
export function loudFetch(tell: (line: string) => void): typeof fetch {
  return async (input, init) => {
    const { method, url } = new Request(input, { ...init, body: null });
    const { origin, pathname } = new URL(url);
    const start = performance.now();
    const line = (end: string) =>
      tell(`${method} ${origin}${pathname}: ${end}, ${Math.round(performance.now() - start)} ms`);
    try {
      const response = await fetch(input, init);
      line(String(response.status));
      return response;
    } catch (error) {
      line('no response');
      throw error;
    }
  };
}
