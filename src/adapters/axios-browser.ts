/** axios in browsers: without what its http adapter needs, and without what follows redirects by hand. */

import { ConfigurationError } from '../errors.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { type AxiosAuth, type AxiosAuthOptions, installAuth } from './axios/install.ts';

export function axiosAuth(authenticator: Authenticator, options?: AxiosAuthOptions): AxiosAuth {
  assertBrowser();
  return installAuth(authenticator, options);
}

/** Node's http adapter follows redirects with every header, and Node's printers show them. A test's jsdom sends like a browser. */
function assertBrowser(): void {
  const { process, document } = globalThis as { process?: { versions?: { node?: string } }; document?: unknown };
  if (process?.versions?.node === undefined || document !== undefined) return;
  throw new ConfigurationError(
    "authwire/axios was resolved for browsers (condition 'browser'), but runs in Node: resolve it without that condition.",
  );
}
