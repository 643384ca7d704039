/** Where a browser ended up. */
export interface Visit {
  readonly url: URL;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** A browser without pictures: it keeps cookies, follows redirects and submits the form that a page submits by itself. */
export class TestBrowser {
  readonly #cookies = new Map<string, string>();
  /** The addresses that it has seen, in order. */
  readonly history: string[] = [];

  /** Goes to an address, and wherever that leads: at most to the path `until`, which it does not ask for. */
  async go(start: string | URL, init: RequestInit = {}, until?: string): Promise<Visit> {
    let url = new URL(start);
    let request: RequestInit = init;
    for (let hop = 0; hop < 12; hop += 1) {
      if (url.pathname === until) return { url, status: 0, body: '', headers: new Headers() };
      this.history.push(url.href);
      const response = await fetch(url, { ...request, redirect: 'manual', headers: this.#headers(url, request) });
      this.#keepCookies(url, response);
      const location = response.headers.get('location');
      const body = await response.text();
      if (location !== null) {
        url = new URL(location, url);
        request = {};
        continue;
      }
      const form = /<form method="post" action="([^"]+)">/.exec(body);
      if (form === null || !/name="(?:code|error)"/.test(body))
        return { url, status: response.status, body, headers: response.headers };
      const fields = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const pairs = fields.map(([, name = '', value = '']) => [name, unescaped(value)]);
      request = { method: 'POST', body: new URLSearchParams(pairs), headers: { origin: url.origin } };
      url = new URL(unescaped(form[1] as string));
    }
    throw new Error('too many redirects');
  }

  #headers(url: URL, { headers }: RequestInit): Headers {
    const all = new Headers(headers);
    const cookie = [...this.#cookies].filter(([name]) => name.startsWith(`${url.host} `));
    if (cookie.length > 0)
      all.set('cookie', cookie.map(([name, value]) => `${name.split(' ')[1]}=${value}`).join('; '));
    return all;
  }

  #keepCookies({ host }: URL, response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] as string).split('=');
      if (value === '') this.#cookies.delete(`${host} ${name}`);
      else this.#cookies.set(`${host} ${name}`, value);
    }
  }
}

function unescaped(html: string): string {
  return html.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
