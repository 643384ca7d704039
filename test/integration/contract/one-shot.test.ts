import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { type Hit, sha256 } from '../../helpers/protected-api.ts';
import { outcome, setUp, setUpExpired } from './fixture.ts';

const chunks = ['one ', 'after ', 'the other'];
const whole = sha256(chunks.join(''));

describe.each(drivers)('$name', (driver) => {
  const { resendsStreams, replaysBodies } = driver.capabilities;

  it('signs a streamed upload', async () => {
    const { api, send } = await setUp(driver);

    const { status } = await outcome(
      driver,
      send({ method: 'POST', url: api.url('/upload'), body: driver.stream(chunks) }),
    );

    expect(status).toBe(200);
    expect(api.hits.map((hit) => hit.bodySha256)).toEqual([whole]);
  });

  it('never sends a stream again that is used up, and never an empty one in its place', async () => {
    const { api, send } = await setUpExpired(driver);

    const { status } = await outcome(
      driver,
      send({ method: 'POST', url: api.url('/upload'), body: driver.stream(chunks) }),
    );

    expect(status).toBe(resendsStreams ? 200 : 401);
    expect(api.hits.map((hit) => hit.bodySha256)).toEqual(Array(resendsStreams ? 2 : 1).fill(whole));
  });

  it('renews for the next call without making the owner of a used-up stream wait', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    const release = issuer.hold();
    const upload = outcome(driver, send({ method: 'POST', url: api.url('/upload'), body: driver.stream(chunks) }));
    await issuer.asked(2);

    // The renewal still hangs; only a client that can send the stream again has a reason to wait for it.
    if (resendsStreams) release();
    expect((await upload).status).toBe(resendsStreams ? 200 : 401);
    release();

    expect((await outcome(driver, send({ url: api.url('/next') }))).status).toBe(200);
    expect(issuer.requests).toBe(2);
    expect(api.hits).toHaveLength(resendsStreams ? 3 : 2);
  });

  it('is not upset when the renewal after a used-up stream fails', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    issuer.failWith(new Error('the token endpoint is on fire'));

    const { status } = await outcome(
      driver,
      send({ method: 'POST', url: api.url('/upload'), body: driver.stream(chunks) }),
    );

    if (resendsStreams) expect(status).toBeUndefined();
    else expect(status).toBe(401);
    expect(api.hits).toHaveLength(1);
  });

  it('asks a body given as a function for a fresh one', async () => {
    const { api, send } = await setUpExpired(driver);
    let asked = 0;
    const bodyFactory = () => {
      asked += 1;
      return new Blob(chunks).stream();
    };

    const { status } = await outcome(driver, send({ method: 'POST', url: api.url('/upload'), bodyFactory }));

    expect(status).toBe(replaysBodies ? 200 : 401);
    const expected = replaysBodies ? 2 : 1;
    expect(api.hits.map((hit: Hit) => hit.bodySha256)).toEqual(Array(expected).fill(whole));
    expect(asked).toBe(expected);
  });
});
