/**
 * Where the Identity API v3 is: what the user says, or what version discovery finds there.
 */

import { ConfigurationError } from '../errors.ts';
import { ownProperty } from '../key-path.ts';
import { callEndpoint, type EndpointCallOptions } from '../oauth/call-endpoint.ts';
import { endpointUrl } from '../oauth/endpoint-url.ts';
import { malformed } from '../oauth/token-response.ts';
import { withoutSlashes } from '../oauth/without-slashes.ts';
import { printable } from '../secrets/printable.ts';
import { readAnswer, readObject } from './answer.ts';
import { refuse } from './options.ts';

/** How Keystone is reached. */
export interface IdentityApiOptions extends EndpointCallOptions {
  /** Keystone's URL: https, or http on this machine. One that does not end in `/v3` is asked where its version 3 is. */
  readonly authUrl: string | URL;
  /** Allows http to hosts beyond loopback, where anyone on the network path can read the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

export interface IdentityApi {
  /** As the user gave it, without slashes or `/auth/tokens` at its end. */
  readonly authUrl: URL;
  /** The URL of something in the API v3, such as `auth/tokens`. */
  url(path: string, signal: AbortSignal): Promise<URL>;
}

/** @throws {@link ConfigurationError} naming `authUrl`. */
export function identityApi(options: IdentityApiOptions): IdentityApi {
  const authUrl = endpointUrl(options.authUrl, 'authUrl', options.allowInsecureRequests);
  if (authUrl.search !== '' || authUrl.hash !== '') refuse('authUrl', 'must have neither query nor fragment.');
  authUrl.pathname = withoutSlashes(authUrl.pathname).replace(/(\/v3)\/auth\/tokens$/, '$1');
  if (/\/v2(?:\.\d+)?(?:\/tokens)?$/.test(authUrl.pathname)) {
    refuse('authUrl', 'ends in the API version 2, which Keystone no longer has: end it in /v3.');
  }
  let base = authUrl.pathname.endsWith('/v3') ? authUrl : undefined;
  return {
    authUrl,
    async url(path, signal) {
      base ??= await discover(authUrl, signal, options);
      return new URL(`${base.origin}${base.pathname}/${path}`);
    },
  };
}

/** Asks for the version documents; 300 (Multiple Choices) is Keystone's usual status for them. */
async function discover(authUrl: URL, signal: AbortSignal, options: EndpointCallOptions): Promise<URL> {
  const url = new URL(authUrl.pathname === '/' ? authUrl : `${authUrl.href}/`);
  const headers = { accept: 'application/json' };
  const send = (fetchWith: typeof fetch) => fetchWith(url, { redirect: 'manual', headers, signal });
  const answer = await callEndpoint(url, signal, send, options);
  const response = { ...answer, wanted: 'list of its API versions' };
  const href = versionThree(response.status === 300 ? readObject(response) : readAnswer(response));
  if (href === undefined) throw malformed(response, "it names no API of version 3; end option 'authUrl' in /v3");
  return stated(href, url);
}

/** `{ versions: { values: [...] } }` from the root, `{ version: {...} }` from the version itself. */
function versionThree(body: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const values = ownProperty(ownProperty(body, 'versions'), 'values');
  const versions: readonly unknown[] = Array.isArray(values) ? values : [ownProperty(body, 'version')];
  const found = versions.find((version) => /^v3(?:\.\d+)?$/.test(String(ownProperty(version, 'id'))));
  const links = ownProperty(found, 'links');
  const self = Array.isArray(links) ? links.find((link) => ownProperty(link, 'rel') === 'self') : undefined;
  const href = ownProperty(self, 'href');
  return typeof href === 'string' && href !== '' ? href : undefined;
}

/**
 * Servers behind proxies often name the scheme or host that they see themselves, so both stay as the user gave them. Of
 * another host only the version counts, added to the user's path (as in keystoneauth): the password never goes there.
 */
function stated(href: string, from: URL): URL {
  const named = URL.canParse(href, from) ? new URL(href, from) : undefined;
  const path = withoutSlashes(named?.pathname ?? '');
  if (named?.host === from.host) return new URL(from.origin + path);
  const version = /(?:^|\/)(v3(?:\.\d+)?)$/.exec(path)?.[1];
  if (version !== undefined) return new URL(version, from);
  throw new ConfigurationError(
    `option 'authUrl' is at ${from.origin}, but it says that its API of version 3 is at '${printable(href)}'. If that is ` +
      "right, use it as 'authUrl'; otherwise add /v3 to yours.",
    { option: 'authUrl' },
  );
}
