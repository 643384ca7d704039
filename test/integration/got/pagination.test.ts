import http from 'node:http';
import type { Got, Options, RequestFunction } from 'got';
import { describe, expect, it } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import { guarded, mentions, type ProtectedApi, type Responder } from '../../helpers/protected-api.ts';
import { MARK } from '../../helpers/token-issuer.ts';
import { presented, setUp, setUpExpired, testApi, versions } from './fixture.ts';

/** Pages of one item each; the last has no `next`. */
function pages(api: ProtectedApi, links: readonly (string | undefined)[], onPage?: (index: number) => void): void {
  for (const [index, next] of links.entries()) {
    const answer: Responder = ({ response }) => {
      onPage?.(index);
      if (next !== undefined) response.setHeader('link', `<${next}>; rel="next"`);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([index]));
    };
    api.on(`/${index}`, guarded(answer));
  }
}

describe.each(versions)('$name', ({ got }) => {
  it('signs every page', async () => {
    const { api, issuer, client } = await setUp(got);
    pages(api, [api.url('/1'), api.url('/2'), undefined]);

    expect(await client.paginate.all(api.url('/0'))).toEqual([0, 1, 2]);
    expect(presented(api)).toEqual([issuer.latest, issuer.latest, issuer.latest]);
    expect(issuer.requests).toBe(1);
  });

  it('renews for each page that is refused', async () => {
    const { api, issuer, client } = await setUpExpired(got);
    // The token expires after each page.
    pages(api, [api.url('/1'), api.url('/2'), undefined], () => issuer.expire());

    expect(await client.paginate.all(api.url('/0'))).toEqual([0, 1, 2]);
    expect(api.hits).toHaveLength(6);
    expect(issuer.requests).toBe(4);
  });

  it.each([
    { where: 'without a base URL', make: (client: Got) => client },
    { where: 'with a base URL', make: (client: Got, api: ProtectedApi) => client.extend({ prefixUrl: api.origin }) },
    {
      where: 'where the caller wraps our `request` function',
      make: (client: Got) =>
        client.extend({
          handlers: [
            (options, next) => {
              const { request } = options;
              options.request = (...call) => request?.(...call);
              return next(options);
            },
          ],
        }),
    },
    {
      where: 'with a `paginate` of its own',
      make: (client: Got) =>
        client.extend({
          pagination: {
            paginate: ({ response }) => {
              const link = /<(.*)>/.exec(String(response.headers.link))?.[1];
              return link === undefined ? false : { url: new URL(link) };
            },
          },
        }),
    },
    {
      where: 'where `paginate` brings a `request` function of its own',
      make: (client: Got) =>
        client.extend({
          pagination: {
            paginate: ({ response }) => {
              const link = /<(.*)>/.exec(String(response.headers.link))?.[1];
              const request = ((...call: [URL, object]) => http.request(...call)) as RequestFunction;
              return link === undefined ? false : { url: new URL(link), request };
            },
          },
        }),
    },
    {
      where: 'where `paginate` gives back the options of the last page',
      make: (client: Got) =>
        client.extend({
          pagination: {
            paginate: ({ response }) => {
              const link = /<(.*)>/.exec(String(response.headers.link))?.[1];
              if (link === undefined) return false;
              const { options } = response.request;
              options.prefixUrl = '';
              options.url = new URL(link);
              return options as never;
            },
          },
        }),
    },
  ])('takes the credential to no foreign page, and home again ($where)', async ({ make }) => {
    const { api, issuer, client } = await setUp(got);
    const foreign = await testApi();
    foreign.on('/1', ({ response }) => {
      response.setHeader('link', `<${api.url('/2')}>; rel="next"`);
      response.end('[1]');
    });
    pages(api, [foreign.url('/1'), undefined, undefined]);

    expect(await make(client, api).paginate.all(new URL(api.url('/0')))).toEqual([0, 1, 2]);
    expect(foreign.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(presented(api)).toEqual([issuer.latest, issuer.latest]);
  });

  it('does not pile up hooks from page to page', async () => {
    const { api, auth, issuer } = await setUp(got);
    pages(api, [api.url('/1'), api.url('/2'), api.url('/3'), undefined], () => issuer.expire());
    const counts: number[] = [];
    const client = got.extend(gotAuth(auth, { origins: [api.origin] }), {
      pagination: {
        paginate: ({ response }) => {
          const link = /<(.*)>/.exec(String(response.headers.link))?.[1];
          if (link === undefined) return false;
          const { options } = response.request;
          const { afterResponse, beforeRetry, beforeRedirect, beforeRequest } = (options as Options).hooks;
          counts.push(afterResponse.length + beforeRetry.length + beforeRedirect.length + beforeRequest.length);
          options.url = new URL(link);
          return options as never;
        },
      },
    });

    await client.paginate.all(api.url('/0'));

    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});
