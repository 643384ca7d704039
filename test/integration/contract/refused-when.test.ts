import { describe, expect, it } from 'vitest';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { drivers } from '../../helpers/clients.ts';
import { bound, outcome, testApi } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it.each([401, 403])(
    'a page that refuses every token with %i costs three token requests for 20 calls',
    async (status) => {
      const api = await testApi();
      let asked = 0;
      const source = async () => {
        asked += 1;
        api.accept(`token-${asked}`);
        return `token-${asked}`;
      };
      const auth = new AuthBearer(source, { refusedWhen: [401, 403] });
      api.on('/never', ({ response }) => void response.writeHead(status).end());
      const send = driver.create(auth, bound(api));

      await outcome(driver, send({ url: api.url('/fine') }));
      for (let call = 0; call < 20; call += 1) {
        expect((await outcome(driver, send({ url: api.url('/never') }))).status).toBe(status);
        expect((await outcome(driver, send({ url: api.url('/fine') }))).status).toBe(200);
      }

      expect(asked).toBe(3);
    },
  );
});
