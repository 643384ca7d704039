import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { type ScopeOptions, scopeOptions, scopeRequest } from '../../../src/keystone/scope.ts';

describe('a scope', () => {
  it.each<[ScopeOptions, unknown]>([
    [{}, undefined],
    [{ unscoped: false }, undefined],
    [{ unscoped: true }, 'unscoped'],
    [{ projectId: 'p' }, { project: { id: 'p' } }],
    [{ projectName: 'p', projectDomainName: 'd' }, { project: { name: 'p', domain: { name: 'd' } } }],
    [{ projectName: 'p', projectDomainId: 'd' }, { project: { name: 'p', domain: { id: 'd' } } }],
    [{ domainId: 'd' }, { domain: { id: 'd' } }],
    [{ domainName: 'd' }, { domain: { name: 'd' } }],
    [{ systemScope: 'all' }, { system: { all: true } }],
    [{ trustId: 't' }, { 'OS-TRUST:trust': { id: 't' } }],
    [{ projectId: 'p', unscoped: false }, { project: { id: 'p' } }],
  ])('%j', (options, request) => {
    expect(scopeRequest(options)).toEqual(request);
    expect(scopeOptions(options).length > 0).toBe(request !== undefined);
  });

  it.each<[ScopeOptions, string]>([
    [{ projectName: 'p' }, 'projectDomainName'],
    [{ projectDomainId: 'd' }, 'projectDomainId'],
    [{ projectId: 'p', projectDomainId: 'd' }, 'projectDomainId'],
    [{ projectId: 'p', projectName: 'p', projectDomainId: 'd' }, 'projectName'],
    [{ domainId: 'd', domainName: 'd' }, 'domainName'],
    [{ projectId: 'p', systemScope: 'all' }, 'systemScope'],
    [{ projectId: 'p', domainId: 'd' }, 'domainId'],
    [{ trustId: 't', unscoped: true }, 'unscoped'],
    [{ systemScope: 'some' as 'all' }, 'systemScope'],
    [{ unscoped: 'yes' as never }, 'unscoped'],
    [{ trustId: '' }, 'trustId'],
  ])('%j is refused', (options, option) => {
    expect(() => scopeRequest(options)).toThrow(ConfigurationError);
    expect(() => scopeRequest(options)).toThrow(expect.objectContaining({ option }));
  });
});
