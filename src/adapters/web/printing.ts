/**
 * How a request of a client is printed: without its headers and its query, however a printer reaches it (from a response,
 * an error, a socket, an agent), and also where the printer shows what is hidden (`%o`).
 */

const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

type Printable = Record<string, unknown> & { toJSON?: () => object; [INSPECT]?: () => object };

/** Node's ClientRequest, follow-redirects' request, got's HTTP/2 request or a `Request`: printed as a summary from now on. */
export function printAsSummary(request: object): void {
  const printable = request as Printable;
  printable.toJSON = summary;
  printable[INSPECT] = summary;
}

function summary(this: Printable): object {
  const { method, url, protocol, host, path } = (this._currentRequest ?? this) as Printable;
  return typeof url === 'string'
    ? { method, url: withSearch(url, '') }
    : { method, protocol, host, path: withSearch(String(path), '') };
}

/** A path, or a URL, with another query; `search` starts with a question mark, or is empty. */
export function withSearch(path: string, search: string): string {
  return path.replace(/\?.*$/s, '') + search;
}

/** An agent, without its sockets: they lead to every request that is on its way. */
export function printWithout(owner: object, names: readonly string[]): void {
  Object.defineProperty(owner, INSPECT, {
    value(this: Record<string, unknown>) {
      const shown: Record<string, unknown> = { ...this };
      for (const name of names) delete shown[name];
      return shown;
    },
    configurable: true,
  });
}
