import { describe, expect, it } from 'vitest';
import { ConfigurationError, EndpointNotFoundError } from '../../../src/errors.ts';
import { type Catalog, readCatalog } from '../../../src/keystone/catalog.ts';
import { type EndpointChoice, findEndpoint } from '../../../src/keystone/find-endpoint.ts';
import { type AllowEndpoints, ServiceCatalog } from '../../../src/keystone/service-catalog.ts';

const endpoint = (face: string, region: string | undefined, url: unknown) => ({
  interface: face,
  ...(region !== undefined && { region_id: region, region }),
  url,
});

const catalog = readCatalog([
  {
    type: 'compute',
    name: 'nova',
    endpoints: [
      endpoint('public', 'One', 'https://one.example/compute/'),
      endpoint('internal', 'One', 'https://one.internal/compute'),
      endpoint('public', 'Two', 'https://two.example/compute'),
    ],
  },
  { type: 'volumev3', endpoints: [endpoint('public', 'One', 'https://one.example:8776/v3')] },
  { type: 'volumev2', endpoints: [endpoint('public', 'Two', 'https://two.example:8776/v2')] },
  { type: 'shared-file-system', endpoints: [endpoint('public', undefined, 'https://shares.example')] },
  {
    type: 'image',
    endpoints: [endpoint('public', 'One', 'https://i.example'), endpoint('public', 'One', 'https://i.example')],
  },
  {
    type: 'key-manager',
    endpoints: [endpoint('public', 'One', 'https://a.example'), endpoint('public', 'One', 'https://b.example')],
  },
  { type: 'orchestration', endpoints: [endpoint('public', 'One', 'http://plain.example')] },
]);

describe('a catalogue', () => {
  it('is read as it is', () => {
    expect(catalog[0]).toEqual({
      serviceType: 'compute',
      serviceName: 'nova',
      interface: 'public',
      region: 'One',
      url: 'https://one.example/compute',
    });
    expect(catalog).toHaveLength(11);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'catalog'],
    ['an object', { type: 'compute' }],
    ['nulls', [null, 5, 'x', []]],
    ['a service without a type', [{ endpoints: [endpoint('public', 'One', 'https://x.example')] }]],
    [
      'endpoints that are no list',
      [{ type: 'compute', endpoints: { 0: endpoint('public', 'One', 'https://x.example') } }],
    ],
    ['an endpoint without an interface', [{ type: 'compute', endpoints: [{ url: 'https://x.example' }] }]],
    ...['', 'x.example', 'ftp://x.example', 'javascript:alert(1)', 'file:///etc/passwd', 'https://[', 5, null]
      .concat('https://ada@x.example', 'https://:secret@x.example')
      .map((url): [string, unknown] => [
        `${url} as a URL`,
        [{ type: 'compute', endpoints: [endpoint('public', 'One', url)] }],
      ]),
  ])('that holds %s is empty', (_name, value) => {
    expect(readCatalog(value)).toEqual([]);
  });

  it('is read from own properties only', () => {
    const polluted = JSON.parse('[{"__proto__": {"type": "compute"}, "endpoints": [{"url": "https://x.example"}]}]');
    expect(readCatalog(polluted)).toEqual([]);
    const inherited = Object.create({ type: 'compute', endpoints: [endpoint('public', 'One', 'https://x.example')] });
    expect(readCatalog([inherited])).toEqual([]);
  });
});

describe('an endpoint is found', () => {
  it.each<[string, EndpointChoice, string]>([
    ['compute', { region: 'One' }, 'https://one.example/compute'],
    ['compute', { region: 'Two' }, 'https://two.example/compute'],
    ['compute', { interface: 'internal' }, 'https://one.internal/compute'],
    ['block-storage', {}, 'https://one.example:8776/v3'],
    ['block-storage', { region: 'Two' }, 'https://two.example:8776/v2'],
    ['volumev2', {}, 'https://two.example:8776/v2'],
    ['volumev3', {}, 'https://one.example:8776/v3'],
    ['share', {}, 'https://shares.example'],
    ['image', {}, 'https://i.example'],
    ['volume', {}, 'https://one.example:8776/v3'],
    ['block-store', { region: 'Two' }, 'https://two.example:8776/v2'],
    ['image', { interface: 'publicURL' }, 'https://i.example'],
    ['compute', { region: 'One', interface: 'internalURL' }, 'https://one.internal/compute'],
    ['compute', { region: 'One', interface: ['admin', 'internal', 'public'] }, 'https://one.internal/compute'],
    ['compute', { region: 'Two', interface: ['internalURL', 'publicURL'] }, 'https://two.example/compute'],
  ])('%s %j', (type, choice, url) => {
    expect(findEndpoint(catalog, type, choice).url).toBe(url);
  });

  it.each<[string, EndpointChoice, RegExp, Catalog?]>([
    ['compute', {}, /several regions: One, Two\. Choose one with option 'region'/],
    ['key-manager', {}, /2 public endpoints that differ/],
    [
      'compute',
      { region: 'Three' },
      /no public endpoint of 'compute' in region 'Three'.*internal in One, public in One, /,
    ],
    ['compute', { interface: 'admin' }, /no admin endpoint of 'compute'/],
    ['network', {}, /It has: compute, image, key-manager, orchestration, shared-file-system, volumev2, volumev3\./],
    ['compute', { interface: ['admin', 'x'] }, /no admin or x endpoint of 'compute'/],
    ['volumev3', { region: 'Two' }, /It has: public in One\./],
    ['toString', {}, /no public endpoint of 'toString'/],
    ['__proto__', {}, /no public endpoint/],
    ['compute', {}, /it is empty\. An unscoped token has none/, []],
  ])('but not %s %j', (type, choice, message, listed = catalog) => {
    const find = () => findEndpoint(listed, type, choice);
    expect(find).toThrow(EndpointNotFoundError);
    expect(find).toThrow(message);
    expect(find).toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_ENDPOINT_NOT_FOUND', available: expect.any(Array) }),
    );
  });

  it.each([[''], [[]], [['public', '']], [5]].map(([face]) => [face as never]))('nor by interface %j', (face) => {
    const find = () => findEndpoint(catalog, 'compute', { interface: face });
    expect(find).toThrow(expect.objectContaining({ option: 'interface' }));
  });

  it('and errors keep to a screen, whatever the server says', () => {
    const odd = Array.from({ length: 500 }, (_, i) => ({
      type: `\u202e\u0007${'x'.repeat(5000)}${i}`,
      endpoints: [endpoint('public', '\n', 'https://x.example')],
    }));
    const error = (() => {
      try {
        findEndpoint(readCatalog(odd), 'compute');
      } catch (thrown) {
        return thrown as EndpointNotFoundError;
      }
    })();
    expect(error?.message.length).toBeLessThan(8000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(error?.message).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(error?.available[0]?.region).toBe('\\u{a}');
  });
});

describe('the endpoints that a user allows', () => {
  const origins = (allowEndpoints: AllowEndpoints | undefined, allowInsecureRequests = false) => {
    const services = new ServiceCatalog({ ...(allowEndpoints && { allowEndpoints }), allowInsecureRequests });
    services.learn('t', catalog);
    const all = [...new Set(catalog.map(({ url }) => new URL(url).origin))];
    return all.filter((origin) => services.allows(new URL('/path', origin)));
  };

  it.each<[string, AllowEndpoints | undefined, readonly string[]]>([
    ['none', undefined, []],
    ['an empty list', [], []],
    ['a service', ['compute'], ['https://one.example', 'https://one.internal', 'https://two.example']],
    ['a service by its official type', ['block-storage'], ['https://one.example:8776', 'https://two.example:8776']],
    ['a service by one alias', ['volumev2'], ['https://two.example:8776']],
    ['a service by its old name', ['volume'], ['https://one.example:8776', 'https://two.example:8776']],
    ['a function', ({ interface: face }) => face === 'internal', ['https://one.internal']],
    ['a function that gives a promise', (async () => true) as never, []],
    ['a function that gives 1', (() => 1) as never, []],
    ['one over http', ['orchestration'], []],
  ])('%s', (_name, allowed, expected) => {
    expect(origins(allowed)).toEqual(expected);
  });

  it('over http only with allowInsecureRequests', () => {
    expect(origins(['orchestration'], true)).toEqual(['http://plain.example']);
  });

  it('are those of the catalogue that came last', () => {
    const services = new ServiceCatalog({ allowEndpoints: ['compute'] });
    services.learn('t', catalog);
    expect(services.of('t')).toBe(catalog);
    services.learn('u', []);
    expect(services.of('t')).toBeUndefined();
    expect(services.allows(new URL('https://one.example/'))).toBe(false);
  });

  it.each([['compute'], [['compute', '']], [[5]], [{}]].map(([allowed]) => [allowed as never]))(
    'refuses %j',
    (allowEndpoints) => {
      const make = () => new ServiceCatalog({ allowEndpoints });
      expect(make).toThrow(ConfigurationError);
      expect(make).toThrow(expect.objectContaining({ option: 'allowEndpoints' }));
    },
  );
});
