import { describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { type IdentityOptions, identity } from '../../../src/keystone/identity.ts';
import { secret } from '../../../src/secret.ts';

const silent = () => undefined;
const inDomain = { username: 'ada', userDomainName: 'Default' };

describe('an identity is requested with', () => {
  it.each<[string, IdentityOptions, object]>([
    [
      'a password and a name in a domain',
      { ...inDomain, password: 'p' },
      { methods: ['password'], password: { user: { name: 'ada', domain: { name: 'Default' }, password: 'p' } } },
    ],
    [
      'a password and a name in a domain with an id',
      { username: 'ada', userDomainId: 'd', password: secret('p') },
      { methods: ['password'], password: { user: { name: 'ada', domain: { id: 'd' }, password: 'p' } } },
    ],
    [
      'a password and an id',
      { userId: 'u', password: async () => 'p' },
      { methods: ['password'], password: { user: { id: 'u', password: 'p' } } },
    ],
    [
      'an empty password, which Keystone may judge',
      { userId: 'u', password: '' },
      { methods: ['password'], password: { user: { id: 'u', password: '' } } },
    ],
    [
      'a passcode',
      { userId: 'u', passcode: '123456' },
      { methods: ['totp'], totp: { user: { id: 'u', passcode: '123456' } } },
    ],
    [
      'two factors',
      { userId: 'u', password: 'p', passcode: '123456' },
      {
        methods: ['password', 'totp'],
        password: { user: { id: 'u', password: 'p' } },
        totp: { user: { id: 'u', passcode: '123456' } },
      },
    ],
    ['a token', { token: 'gAAAA' }, { methods: ['token'], token: { id: 'gAAAA' } }],
    [
      'a token and a passcode',
      { token: 'gAAAA', userId: 'u', passcode: '123456' },
      {
        methods: ['totp', 'token'],
        token: { id: 'gAAAA' },
        totp: { user: { id: 'u', passcode: '123456' } },
      },
    ],
    [
      'the id of an application credential',
      { applicationCredentialId: 'a', applicationCredentialSecret: 's' },
      { methods: ['application_credential'], application_credential: { id: 'a', secret: 's' } },
    ],
    [
      'the name of an application credential',
      { ...inDomain, applicationCredentialName: 'robot', applicationCredentialSecret: 's' },
      {
        methods: ['application_credential'],
        application_credential: {
          name: 'robot',
          user: { name: 'ada', domain: { name: 'Default' } },
          secret: 's',
        },
      },
    ],
  ])('%s', async (_name, options, request) => {
    expect(await identity(options, silent).request()).toEqual(request);
  });
});

describe('an identity is refused that has', () => {
  it.each<[string, IdentityOptions, string]>([
    ['no proof', inDomain, 'password'],
    ['no user', { password: 'p' }, 'username'],
    ['no user for a passcode', { passcode: 'p' }, 'username'],
    ['a name without a domain', { username: 'ada', password: 'p' }, 'userDomainName'],
    ['a domain without a name', { userDomainId: 'd', password: 'p' }, 'userDomainId'],
    ['a domain beside an id', { userId: 'u', userDomainName: 'd', password: 'p' }, 'userDomainName'],
    ['two domains', { ...inDomain, userDomainId: 'd', password: 'p' }, 'userDomainName'],
    ['a name and an id', { ...inDomain, userId: 'u', password: 'p' }, 'username'],
    ['an empty name', { username: '', userDomainId: 'd', password: 'p' }, 'username'],
    ['a number as id', { userId: 5 as never, password: 'p' }, 'userId'],
    ['a user beside a token', { userId: 'u', token: 't' }, 'userId'],
    ['a secret without a credential', { applicationCredentialSecret: 's' }, 'applicationCredentialId'],
    [
      'a credential without a secret',
      { applicationCredentialId: 'a', ...inDomain, password: 'p' },
      'applicationCredentialSecret',
    ],
    [
      'a credential by name without a user',
      { applicationCredentialName: 'a', applicationCredentialSecret: 's' },
      'username',
    ],
    [
      'a credential by id with a user',
      { applicationCredentialId: 'a', applicationCredentialSecret: 's', userId: 'u' },
      'userId',
    ],
    [
      'a credential by id and name',
      { applicationCredentialId: 'a', applicationCredentialName: 'b', applicationCredentialSecret: 's' },
      'applicationCredentialName',
    ],
    [
      'a credential and a password',
      { applicationCredentialId: 'a', applicationCredentialSecret: 's', password: 'p' },
      'password',
    ],
  ])('%s', (_name, options, option) => {
    expect(() => identity(options, silent)).toThrow(ConfigurationError);
    expect(() => identity(options, silent)).toThrow(expect.objectContaining({ option }));
  });

  it('a secret with a line break, even one that a function gives', async () => {
    expect(() => identity({ userId: 'u', password: 'p\n' }, silent)).toThrow(CredentialError);
    await expect(identity({ userId: 'u', password: () => 'p\n' }, silent).request()).rejects.toThrow(CredentialError);
  });
});

it('secrets are registered when they are learned', async () => {
  const registered: unknown[] = [];
  const made = identity({ userId: 'u', password: 'given', passcode: () => 'asked' }, (...pair) =>
    registered.push(pair),
  );
  expect(registered).toEqual([
    ['password', 'given'],
    ['passcode', undefined],
  ]);
  await made.request();
  expect(registered.slice(2)).toEqual([
    ['password', 'given'],
    ['passcode', 'asked'],
  ]);
});

it('subjects differ where users do, and are unknown with a token alone', () => {
  const subject = (options: IdentityOptions) => identity(options, silent).subject;
  const subjects = [
    subject({ userId: 'ada', password: 'p' }),
    subject({ ...inDomain, password: 'p' }),
    subject({ username: 'ada', userDomainId: 'Default', password: 'p' }),
    subject({ applicationCredentialId: 'ada', applicationCredentialSecret: 's' }),
    subject({ ...inDomain, applicationCredentialName: 'ada', applicationCredentialSecret: 's' }),
  ];
  expect(new Set(subjects).size).toBe(subjects.length);
  expect(subject({ ...inDomain, password: 'another' })).toBe(subjects[1]);
  expect(subject({ token: 't' })).toBeUndefined();
});
