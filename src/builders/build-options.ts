/**
 * The one reading of what `build` and its helpers are given.
 */

import { resourceShape } from '../oauth/resource-authenticator.ts';
import { flag, func, type Kind, object, readOptions, type Shape, shapeWithout, text } from '../options.ts';
import type { BuildAuthenticatorOptions } from './build-authenticator.ts';

const transport: Kind = {
  wanted: 'a transport, such as transportFor(fields) of authwire/node makes',
  test: (value) => object.test(value) && func.test((value as { readonly fetch?: unknown }).fetch),
};

// What these say stands in fields.
const tokenOptions = shapeWithout(resourceShape, 'header', 'format');

const SHAPE: Shape<BuildAuthenticatorOptions> = {
  ...tokenOptions,
  fetch: func,
  transport,
  allowInsecureRequests: flag,
  // What is wrong with it, AuthForward says.
  incoming: { wanted: 'a function or an AsyncLocalStorage', test: (value) => func.test(value) || object.test(value) },
  incomingHeader: text,
};

/**
 * Reads the options of a build.
 *
 * @param what - Who takes them, for errors: `buildAuthenticator`.
 * @throws {@link ConfigurationError} naming the option that is unknown or of the wrong kind.
 */
export function buildOptions(what: string, given: BuildAuthenticatorOptions | undefined): BuildAuthenticatorOptions {
  return readOptions(what, given, SHAPE);
}
