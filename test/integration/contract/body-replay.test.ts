import { FormData as UndiciFormData } from 'undici';
import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { type Hit, redirect, sha256 } from '../../helpers/protected-api.ts';
import { placements } from '../../helpers/test-auth.ts';
import { form, isAccepted, replayable } from './bodies.ts';
import { identity, outcome, setUp, setUpExpired } from './fixture.ts';

const plain = replayable.filter(({ kind }) => kind !== 'FormData');

const undiciForm = { of: 'the undici package', make: () => form(UndiciFormData as unknown as typeof FormData) };

const overRedirects = [307, 308].flatMap((status) => placements.map((placement) => ({ status, placement })));

describe.each(drivers)('$name', (driver) => {
  const accepted = plain.filter((body) => isAccepted(driver, body));
  const unknown = plain.filter((body) => !isAccepted(driver, body));
  const { replaysBodies } = driver.capabilities;

  it.each(accepted)('sends the same bytes again: $kind', async ({ make, bytes }) => {
    const { api, issuer, send } = await setUpExpired(driver);

    const { status } = await outcome(driver, send({ method: 'POST', url: api.url('/upload'), ...make() }));

    const [first, second] = api.hits as [Hit, Hit];
    if (bytes !== undefined) expect(first.bodySha256).toBe(sha256(bytes));
    expect(issuer.requests).toBe(2);
    if (!replaysBodies) {
      expect(status).toBe(401);
      expect(api.hits).toHaveLength(1);
      return;
    }
    expect(status).toBe(200);
    expect(api.hits).toHaveLength(2);
    expect(second.bodySha256).toBe(first.bodySha256);
    expect(second.bodyLength).toBe(first.bodyLength);
    expect(second.contentType).toBe(first.contentType);
    expect(second.method).toBe('POST');
  });

  it.each(accepted)('sends what the client sends without us: $kind', async ({ make }) => {
    const { api, issuer, send } = await setUp(driver);
    const request = { method: 'PUT', url: api.url('/upload') };
    await outcome(driver, driver.create(undefined)({ ...request, ...make() }));
    await outcome(driver, send({ ...request, ...make() }));

    const [theirs, ours] = api.hits as [Hit, Hit];
    expect(ours.bodySha256).toBe(theirs.bodySha256);
    expect(ours.contentType).toBe(theirs.contentType);
    expect(ours.headers['content-length']).toBe(theirs.headers['content-length']);
    expect(ours.headers['transfer-encoding']).toBe(theirs.headers['transfer-encoding']);
    expect(issuer.requests).toBe(1);
  });

  it.each(unknown)('leaves it to the client to refuse a $kind', async ({ make }) => {
    const { api, send } = await setUp(driver);
    const request = { method: 'POST', url: api.url('/upload') };
    const plain = await outcome(driver, driver.create(undefined)({ ...request, ...make() }));

    const { error } = await outcome(driver, send({ ...request, ...make() }));

    expect(identity(error)).toEqual(identity(plain.error));
    expect(api.hits).toHaveLength(0);
  });

  // ky makes a Request of what it gets, and the platform's Request knows only its own forms.
  const forms = [{ of: 'the platform', make: form }, ...(driver.name.startsWith('ky') ? [] : [undiciForm])];

  it.each(forms)('sends a form of $of again with the same bytes under the same boundary', async ({ make }) => {
    const { api, send } = await setUpExpired(driver);

    const { status } = await outcome(driver, send({ method: 'POST', url: api.url('/upload'), body: make() }));

    const [first, second] = api.hits as [Hit, Hit];
    const sent = await partsOf(first);
    expect(sent).toEqual(await partsOf(form()));
    if (!replaysBodies) {
      expect(status).toBe(401);
      expect(api.hits).toHaveLength(1);
      return;
    }
    expect(status).toBe(200);
    expect(await partsOf(second)).toEqual(sent);
    expect(second.bodySha256).toBe(first.bodySha256);
    expect(second.contentType).toBe(first.contentType);
  });

  it.each(overRedirects)('keeps the bytes of an upload over a $status (credential in $placement)', async (over) => {
    const { status, placement } = over;
    const { api, issuer, send } = await setUp(driver, { placement });
    api.on('/old', redirect(status, '/new'));
    const body = Buffer.from('kept over the redirect');

    const result = await outcome(driver, send({ method: 'POST', url: api.url('/old'), body }));

    // undici's fetch follows by itself, and its bodies go through a redirect even where they cannot go through a 401.
    expect(result.status).toBe(200);
    expect(api.hits.map((hit) => [hit.method, hit.path, hit.bodySha256])).toEqual([
      ['POST', '/old', sha256(body)],
      ['POST', '/new', sha256(body)],
    ]);
    expect(issuer.requests).toBe(1);
  });

  it.each(placements)('keeps the bytes of an upload that is refused behind a redirect (%s)', async (placement) => {
    const { api, send } = await setUpExpired(driver, { placement });
    api.on('/old', redirect(307, '/new'));
    const body = Buffer.from('kept over the redirect and the renewal');

    const { status } = await outcome(driver, send({ method: 'POST', url: api.url('/old'), body }));

    expect(status).toBe(replaysBodies ? 200 : 401);
    expect(new Set(api.hits.map((hit) => hit.bodySha256))).toEqual(new Set([sha256(body)]));
    expect(api.hits.at(-1)?.path).toBe('/new');
  });
});

/** The parts of a form, whether it was received or is about to be sent. */
async function partsOf(source: FormData | Hit): Promise<unknown[]> {
  const data = source instanceof FormData ? source : await formOf(source);
  return Promise.all(
    [...data].map(async ([name, value]) => {
      if (typeof value === 'string') return [name, value];
      return [name, value.name, value.type, sha256(new Uint8Array(await value.arrayBuffer()))];
    }),
  );
}

function formOf({ body, contentType }: Hit): Promise<FormData> {
  return new Response(body, { headers: { 'content-type': contentType ?? '' } }).formData();
}
