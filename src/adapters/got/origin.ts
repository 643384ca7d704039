import { originOf } from '../../lifecycle/origins.ts';
import type { GotOptions } from './options.ts';

/** The origin of a URL. To got every Unix socket is one of its own, although all their URLs say `http://unix`. */
export function originOfUrl(url: URL): string {
  const origin = originOf(url.href);
  return origin === 'http://unix' ? `unix:${/^[^:]+/.exec(url.pathname)?.[0]}` : origin;
}

/** The origin of the base URL, where there is one: it binds all calls. */
export function baseOrigin({ prefixUrl }: GotOptions): string | undefined {
  if (prefixUrl === '' || !URL.canParse(prefixUrl)) return undefined;
  const base = new URL(prefixUrl);
  return originOfUrl(base.protocol === 'unix:' ? new URL(`http://unix${base.pathname}`) : base);
}
