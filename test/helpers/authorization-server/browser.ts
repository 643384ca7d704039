/** Where a browser ended up: at the client's callback, or with a page. */
export interface Visit {
  readonly url: URL;
  /** The page, where it is not the callback. */
  readonly body?: string;
}

/** What a browser does: follows redirects with its cookies until it is sent back to the client. */
export async function browseTo(start: string | URL): Promise<Visit> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let hop = 0; hop < 10 && url.pathname !== '/cb'; hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] as string).split('=');
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, body: await response.text() };
    url = new URL(location, url);
  }
  return { url };
}
