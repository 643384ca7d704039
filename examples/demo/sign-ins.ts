/** How a person signs in, and what comes of it: a token that the API takes. */

import { AuthDevice, AuthPkce } from '../../src/node/index.ts';
import type { Browser } from './browsers.ts';
import type { Scenario } from './scenarios.ts';
import { PERSON } from './stage.ts';

const EXPECTED = { requests: 1, tokenRequests: 1, outcome: '1 × 200, 1 login page' };

/** With the browser of this machine, and with a code that is entered in it as on another screen. */
export function signIns(issuer: string, browser: Browser): readonly Scenario[] {
  const own = { issuer, clientId: PERSON, scope: 'openid read', terminal: false } as const;
  const withBrowser = () => new AuthPkce({ ...own, openBrowser: async (url) => void browser.visit(url) });
  const withCode = () =>
    new AuthDevice({
      ...own,
      preferBrowser: false,
      onCode: ({ verificationUri, verificationUriComplete }) =>
        browser.visit(verificationUriComplete ?? verificationUri),
    });
  return [
    scenario('sign-in with the browser', browser, withBrowser),
    scenario('sign-in with a code', browser, withCode),
  ];
}

function scenario(name: string, browser: Browser, make: () => AuthPkce | AuthDevice): Scenario {
  return {
    name,
    expected: EXPECTED,
    async run({ api, connect }) {
      const before = browser.loginPages;
      const auth = make();
      const status = await connect(auth)({ url: api.url('/reports') });
      await auth.close();
      const pages = browser.loginPages - before;
      return `1 × ${status}, ${pages} login page${pages === 1 ? '' : 's'}`;
    },
  };
}
