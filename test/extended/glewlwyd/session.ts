/** A browser that is logged in at glewlwyd: it keeps one cookie, and does what the login page would do. */
export class Session {
  readonly #origin: string;
  #cookie = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  async logIn(user: { readonly username: string; readonly password: string }): Promise<void> {
    const response = await this.send('POST', '/auth/', user);
    this.#cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** Agrees that a client gets these scopes. */
  async grant(clientId: string, ...scope: readonly string[]): Promise<void> {
    await this.send('PUT', `/auth/grant/${clientId}/`, { scope: scope.join(' ') });
  }

  /** Opens an address of the server, and says where that leads. */
  async open(url: string | URL): Promise<URL> {
    const target = new URL(url);
    // What the login page adds once somebody has logged in and agreed.
    target.searchParams.set('g_continue', '');
    const response = await fetch(target, { redirect: 'manual', headers: { cookie: this.#cookie } });
    return new URL(response.headers.get('location') ?? `error:${response.status}`, target);
  }

  /** @throws Error with the answer, if that is not 200. */
  async send(method: string, path: string, json: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', cookie: this.#cookie };
    const response = await fetch(`${this.#origin}/api${path}`, { method, headers, body: JSON.stringify(json) });
    if (response.ok) return response;
    throw new Error(`glewlwyd answers ${method} ${path} with ${response.status}: ${await response.text()}`);
  }
}
