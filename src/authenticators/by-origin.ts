import { ConfigurationError } from '../errors.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import { ChoosingAuthenticator, type Target, unionOfOrigins } from '../lifecycle/choosing-authenticator.ts';
import { type Authenticator, type AuthenticatorOptions, isAuthenticator } from '../lifecycle/contract.ts';
import { type OriginRule, type Origins, originRule } from '../lifecycle/origins.ts';
import { joinOptions, pickOptions, readOptions, type Shape, shapeWithout } from '../options.ts';

/** One origin, several, or a function that says which. */
export type RouteOrigins = string | Exclude<Origins, '*'>;

/** Whose credential goes where: by origin, or as a list of pairs, such as a `Map`, of which the first match wins. */
export type OriginRoutes =
  | Readonly<Record<string, Authenticator>>
  | Iterable<readonly [origins: RouteOrigins, authenticator: Authenticator]>;

/** Its origins are those of its routes. */
export type AuthByOriginOptions = Omit<AuthenticatorOptions, 'origins'>;

const others = shapeWithout(authenticatorShape, 'origins');
const SHAPE: Shape<AuthByOriginOptions> = others;

interface Route {
  readonly origins: Exclude<Origins, '*'>;
  readonly rule: OriginRule;
  readonly authenticator: Authenticator;
}

/**
 * Gives every origin its own authenticator. Other origins get nothing, and each hop of a redirect gets its
 * own credential or nothing.
 *
 * @example
 * const auth = new AuthByOrigin({
 *   'https://api.example.com': new AuthBearer(readToken),
 *   'https://files.example.com': new AuthApiKey({ header: 'x-api-key', key }),
 * });
 * @throws {@link ConfigurationError} for what is no origin, for `'*'`, and for an authenticator whose own `origins` shut
 * its route.
 */
export class AuthByOrigin extends ChoosingAuthenticator {
  readonly #routes: readonly Route[];

  constructor(routes: OriginRoutes, given?: AuthByOriginOptions) {
    const read = new.target === AuthByOrigin ? readOptions : pickOptions;
    const options = read<AuthByOriginOptions>('AuthByOrigin', given, SHAPE);
    const all = toRoutes(routes);
    super(
      all.map(({ authenticator }) => authenticator),
      joinOptions(options, { origins: unionOfOrigins(all.map(({ origins }) => origins)) as Origins }),
    );
    this.#routes = all;
    for (const { origins, authenticator } of all) {
      for (const origin of Array.isArray(origins) ? origins : []) this.#assertOpen(origin, authenticator);
    }
  }

  static override getName(): string {
    return 'AuthByOrigin';
  }

  protected override chosenFor(target: Target): Authenticator | undefined {
    return this.#routes.find(({ rule }) => rule(target))?.authenticator;
  }

  #assertOpen(origin: string, authenticator: Authenticator): void {
    const url = new URL(origin);
    // A function may look at the path.
    if (typeof authenticator.origins === 'function') return;
    if (this.mayTravel(authenticator, { origin: url.origin, url })) return;
    throw wrong(`sends ${authenticator.getName()} to ${url.origin}, which the 'origins' of that authenticator exclude`);
  }
}

function toRoutes(routes: OriginRoutes): Route[] {
  if (typeof routes !== 'object' || routes === null) throw wrong('takes an object: an authenticator for each origin');
  const pairs = Symbol.iterator in routes ? [...routes] : Object.entries(routes as Record<string, Authenticator>);
  if (pairs.length === 0) throw wrong('needs an authenticator for at least one origin');
  return pairs.map(([given, authenticator]) => {
    if (!isAuthenticator(authenticator)) throw wrong('takes an authenticator for each origin');
    const origins = typeof given === 'string' ? [given] : given;
    if (given === '*' || origins === undefined)
      throw wrong("takes origins such as 'https://api.example.com', but no '*'");
    return { origins, rule: originRule(origins) as OriginRule, authenticator };
  });
}

function wrong(what: string): ConfigurationError {
  return new ConfigurationError(`AuthByOrigin ${what}.`, { option: 'routes' });
}
