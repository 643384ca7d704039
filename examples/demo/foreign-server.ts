import { LoopbackServer } from './loopback-server.ts';

/** Another origin, to which nobody's credential belongs: it keeps what it gets, and asks for more with a 401. */
export class ForeignServer {
  /** The headers and the URL of every request, as text. */
  readonly received: string[] = [];
  readonly #http: LoopbackServer;

  static async start(): Promise<ForeignServer> {
    return new ForeignServer(await LoopbackServer.listen());
  }

  constructor(http: LoopbackServer) {
    this.#http = http;
    http.serve((request, response) => {
      this.received.push(JSON.stringify([request.url, request.rawHeaders]));
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('give me your token');
    });
  }

  get url(): string {
    return `${this.#http.origin}/landing`;
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
