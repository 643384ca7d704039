/**
 * What a token is for (Identity API v3, "scope"): a project, a domain, the whole system, a trust, or nothing.
 */

import { joinOptions } from '../options.ts';
import { domainOption, referenceOption } from './domain.ts';
import { givenOptions, refuse, textOption } from './options.ts';

/**
 * What the token is for, one scope at most. Without any, Keystone uses the user's default project or returns an
 * unscoped token.
 */
export interface ScopeOptions {
  /** The id of the project. Default: none. */
  readonly projectId?: string;
  /** The name of the project, unique within a domain only: give the domain too. Default: none. */
  readonly projectName?: string;
  /** The id of the domain of `projectName`. Default: none. */
  readonly projectDomainId?: string;
  /** The name of the domain of `projectName`. Default: none. */
  readonly projectDomainName?: string;
  /** The id of the domain, for a token with domain scope. Default: none. */
  readonly domainId?: string;
  /** The name of the domain, for a token with domain scope. Default: none. */
  readonly domainName?: string;
  /** The whole system, for administrators. Default: none. */
  readonly systemScope?: 'all';
  /** The id of a trust. Default: none. */
  readonly trustId?: string;
  /** `true`: requests a token without a scope, even if the user has a default project. Default: `false`. */
  readonly unscoped?: boolean;
}

const PROJECT = {
  id: 'projectId',
  name: 'projectName',
  domainId: 'projectDomainId',
  domainName: 'projectDomainName',
} as const;
const SCOPES = {
  project: Object.values(PROJECT),
  domain: ['domainId', 'domainName'],
  system: ['systemScope'],
  trust: ['trustId'],
  unscoped: ['unscoped'],
} as const;

/** The options that say a scope, as far as they are given. */
export function scopeOptions(options: ScopeOptions): readonly string[] {
  const given = joinOptions(options, options.unscoped === false ? { unscoped: undefined } : {});
  return givenOptions(given as Record<string, unknown>, Object.values(SCOPES).flat());
}

/**
 * The request's `auth.scope`, `undefined` for none.
 *
 * @throws {@link ConfigurationError} naming the option that is missing, wrong or too much.
 */
export function scopeRequest(options: ScopeOptions): unknown {
  const given = scopeOptions(options);
  const [first, second] = Object.values(SCOPES).flatMap((names) => given.find((name) => isOneOf(name, names)) ?? []);
  if (first === undefined) return undefined;
  if (second !== undefined) refuse(second, `and '${first}' are two scopes, but a token has one: leave one out.`);
  const project = referenceOption(options, PROJECT);
  if (project !== undefined) return { project };
  const domain = domainOption(options, { id: 'domainId', name: 'domainName' });
  if (domain !== undefined) return { domain };
  if (options.systemScope !== undefined) return systemScope(options.systemScope);
  const trust = textOption(options, 'trustId');
  if (trust !== undefined) return { 'OS-TRUST:trust': { id: trust } };
  return options.unscoped === true ? 'unscoped' : refuse('unscoped', 'takes true or false.');
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.includes(name);
}

function systemScope(value: unknown): unknown {
  return value === 'all' ? { system: { all: true } } : refuse('systemScope', "must be 'all'.");
}
