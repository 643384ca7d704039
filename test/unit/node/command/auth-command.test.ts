import { beforeAll, describe, expect, it } from 'vitest';
import { buildAuthenticator, knownAuthenticators } from '../../../../src/builders/build-authenticator.ts';
import { addAuth } from '../../../../src/builders/registry.ts';
import type { CredentialFields } from '../../../../src/fields/credential-fields.ts';
import { AuthCommand, type AuthCommandOptions } from '../../../../src/node/command/auth-command.ts';
import { commandSource } from '../../../../src/node/command/source.ts';
import { MemoryTokenStore } from '../../../../src/tokens/memory-store.ts';
import type { Token } from '../../../../src/tokens/token.ts';
import { fakeRequest } from '../../../helpers/fake-request.ts';
import { markedSecret } from '../../../helpers/leaks-mark.ts';

const NOW = 1_800_000_000_000;
const command = ['printf', '%s', '{"token": "token-1", "other": {"key": "token-2"}, "expires_in": 60}'];

async function headersOf(auth: {
  authenticate: AuthCommand['authenticate'];
  modifyRequest: AuthCommand['modifyRequest'];
}) {
  const request = fakeRequest();
  await auth.modifyRequest(request, await auth.authenticate({ request }));
  return request.headers;
}

function built(fields: CredentialFields, options = {}): AuthCommand {
  return buildAuthenticator({ authType: 'AuthCommand', ...fields }, { now: () => NOW, ...options }) as AuthCommand;
}

describe('AuthCommand', () => {
  it('sends what the command prints', async () => {
    expect((await headersOf(new AuthCommand({ command }))).get('authorization')).toBe('Bearer token-1');
  });

  it.each<[string, Partial<AuthCommandOptions>, string]>([
    ['text', { command: 'gcloud auth print-access-token' as never }, 'command'],
    ['a batch file', { command: ['C:\\tools\\gcloud.cmd'] }, 'command'],
    ['a relative program', { command: ['./tool'] }, 'directory'],
    ['a relative directory', { directory: 'here' }, 'directory'],
    ['no time', { deadlineMs: 0 }, 'deadlineMs'],
    ['no number', { deadlineMs: Number.NaN }, 'deadlineMs'],
    ['a passEnv that is none', { passEnv: ['A=b'] }, 'passEnv'],
    ['a tokenKey that is none', { tokenKey: '.' }, 'tokenKey'],
    ['a header that is none', { header: 'a b' }, 'header'],
    ['a store without a key', { store: new MemoryTokenStore() }, 'storeKey'],
    ['what is no store', { store: {} as never }, 'store'],
  ])('refuses %s before anything runs', (_name, options, option) => {
    const refusal = expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option });

    expect(() => new AuthCommand({ command, ...options })).toThrow(refusal);
  });

  it('gives its source time to end the command', () => {
    expect(commandSource({ command }).deadlineMs).toBeGreaterThan(30_000);
    expect(commandSource({ command, deadlineMs: 1000 }).deadlineMs).toBeGreaterThan(2000);
  });
});

describe('an AuthCommand of a configuration', () => {
  it('exists only where the program has registered it', () => {
    expect(knownAuthenticators().has('AuthCommand')).toBe(false);
    expect(() => built({ opts: JSON.stringify({ command }) })).toThrow(/which is none of/);
  });

  describe('once it is registered', () => {
    beforeAll(() => {
      addAuth(AuthCommand);
    });

    it('takes its command from opts', async () => {
      const auth = built({
        opts: JSON.stringify({ command, deadlineMs: '5000', passEnv: [], env: {}, directory: '/' }),
      });

      expect((await headersOf(auth)).get('authorization')).toBe('Bearer token-1');
    });

    it('heeds the fields of tokens', async () => {
      const fields = { tokenKey: 'other.key', authHeader: 'x-token', tokenFormat: '<{}>', httpHeader1: 'x-tenant: a' };
      const headers = await headersOf(built({ opts: JSON.stringify({ command }), ...fields }));

      expect(headers.get('x-token')).toBe('<token-2>');
      expect(headers.get('x-tenant')).toBe('a');
      expect(headers.get('authorization')).toBeNull();
    });

    it.each<[string, CredentialFields, number | undefined]>([
      ['what the answer says', {}, 60_000],
      ['what another name says', { tokenExpiresInSelector: 'token' }, undefined],
      ['tokenRefreshTTL where it says nothing', { tokenExpiresInSelector: 'no', tokenRefreshTTL: 7 }, 7000],
      ['tokenRefreshTTL when static', { tokenAuthRefresh: 'tokenAuthRefreshStatic', tokenRefreshTTL: '9' }, 9000],
    ])('lives as long as %s', async (_name, fields, lifetimeMs) => {
      const auth = built({ opts: JSON.stringify({ command }), ...fields });
      const { expiresAt } = (await auth.authenticate({ request: fakeRequest() })) as Token;

      expect(expiresAt).toBe(lifetimeMs === undefined ? undefined : NOW + lifetimeMs);
    });

    it.each<[string, unknown, RegExp]>([
      ['nothing', undefined, /must hold the command/],
      ['no command', {}, /must hold the command/],
      ['a command that is text', { command: 'true' }, /must be a list: the program/],
      ['a number in the command', { command: ['true', 1] }, /'command'/],
      ['a variable that is no text', { command: ['true'], env: { A: 1 } }, /'env'/],
      ['a passEnv that is text', { command: ['true'], passEnv: 'A' }, /must be a list of names/],
      ['an option that is none', { command: ['true'], shell: true }, /has no option 'shell'/],
      ['a shell in the place of opts', 'true', /must be a JSON object/],
    ])('refuses opts with %s', (_name, opts, says) => {
      const text = typeof opts === 'object' ? JSON.stringify(opts) : opts;

      expect(() => built(text === undefined ? {} : { opts: text as string })).toThrow(
        expect.objectContaining({
          code: 'ERR_AUTH_CONFIGURATION',
          option: 'opts',
          message: expect.stringMatching(says),
        }),
      );
    });

    it('repeats nothing of a command that it refuses', () => {
      const secret = markedSecret('token');

      expect(() => built({ opts: JSON.stringify({ command: ['tool.bat', secret] }) })).not.toThrow(secret);
      expect(() => built({ opts: JSON.stringify({ command: secret }) })).not.toThrow(secret);
    });
  });
});
