import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AuthContext, Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { resolveSecret, type SecretOption, secret } from '../../../src/secret.ts';
import { call, HandAuth, request, response } from './by-hand.ts';

/** The least that an authenticator is. */
class AuthTenant extends Authenticator<string> {
  readonly #key: SecretOption;

  constructor(key: SecretOption = 'tenant-key') {
    super();
    this.#key = key;
  }

  authenticate(_context: AuthContext<string>) {
    return resolveSecret(this.#key);
  }

  modifyRequest({ headers }: AuthRequest, key: string) {
    headers.set('authorization', key);
  }

  learn(name: string, value: string) {
    this.updateSecret(name, value);
  }
}

describe('an authenticator', () => {
  it('bears the name of its class, unless the class or the instance says otherwise', () => {
    class Renamed extends AuthTenant {
      static override getName() {
        return 'AuthRenamed';
      }
    }
    class Own extends Renamed {
      override getName() {
        return 'AuthOwn';
      }
    }
    expect([AuthTenant.getName(), new AuthTenant().getName()]).toEqual(['AuthTenant', 'AuthTenant']);
    expect([Renamed.getName(), new Renamed().getName()]).toEqual(['AuthRenamed', 'AuthRenamed']);
    expect(new Own().getName()).toBe('AuthOwn');
  });

  it('is bound to no origins, silent, and answers without I/O, unless it says otherwise', () => {
    const auth = new AuthTenant();
    expect([auth.origins, auth.log.enabled, auth.checkIfAuthenticated()]).toEqual([undefined, false, true]);
  });

  it.each([
    [200, true],
    [401, false],
    [403, true],
    [407, true],
    [500, true],
  ])('judges %i: stands is %s', (status, stands) => {
    expect(new AuthTenant().checkResult(response(status, request()), 'key')).toBe(stands);
  });

  it('shows nothing of its secrets', () => {
    const auth = new AuthTenant('S3CR3T');
    auth.learn('key', 'S3CR3T-key');
    expect(JSON.stringify(auth) + Object.getOwnPropertyNames(auth)).not.toMatch(/S3CR3T|secret/i);
  });
});

describe('updateSecret', () => {
  const masked = (text: string) => !credentialFilter.mask(`it is ${text}.`).includes(text);

  it('masks a secret from then on', () => {
    expect(masked('tenant-secret-0815')).toBe(false);
    new AuthTenant().learn('key', 'tenant-secret-0815');
    expect(masked('tenant-secret-0815')).toBe(true);
  });

  it('replaces what the same instance had under the same key, and nothing else', () => {
    const [one, two] = [new AuthTenant(), new AuthTenant()];
    one.learn('key', 'first-of-one-4711');
    one.learn('other', 'other-of-one-4711');
    two.learn('key', 'first-of-two-4711');
    one.learn('key', 'second-of-one-4711');
    const values = ['second-of-one-4711', 'other-of-one-4711', 'first-of-two-4711'];
    expect(values.map(masked)).toEqual([true, true, true]);
    // A former value is masked for a while, because late lines happen.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(values.map(masked)).toEqual([true, true, true]);
    expect(masked('first-of-one-4711')).toBe(false);
  });
});

describe('a secret', () => {
  it.each([
    ['text', 'S3CR3T'],
    ['a Secret', secret('S3CR3T')],
    ['a function', () => 'S3CR3T'],
    ['a function with a Secret', () => secret('S3CR3T')],
    ['an async function', async () => secret('S3CR3T')],
  ])('given as %s reaches the wire', async (_name, key) => {
    expect((await call(new AuthTenant(key), [200])).sent).toEqual(['S3CR3T']);
  });

  it('given as a function is asked for every call, and once more after a refusal', async () => {
    let asked = 0;
    const key = vi.fn(async () => {
      asked += 1;
      return `key ${asked}`;
    });
    const auth = new AuthTenant(key);
    expect((await call(auth, [200])).sent).toEqual(['key 1']);
    expect((await call(auth, [200])).sent).toEqual(['key 2']);
    expect((await call(auth, [401, 200])).sent).toEqual(['key 3', 'key 4']);
    expect(key).toHaveBeenCalledTimes(4);
  });

  it('given as a function that has nothing new lets the 401 stand', async () => {
    expect((await call(new AuthTenant(() => 'the same'), [401])).status).toBe(401);
  });

  it('given as a function that fails is explained', async () => {
    const key = () => Promise.reject(new Error('the vault is sealed'));
    await expect(call(new AuthTenant(key), [200])).rejects.toThrow(
      'AuthTenant could not provide a credential: the vault is sealed',
    );
  });
});

it('gives what belongs to one wire attempt a place: every attempt is its own request', async () => {
  const seen = new Set<AuthRequest>();
  const auth = new HandAuth(['one', 'two']);
  auth.modifyRequest = (attempt) => void seen.add(attempt);
  await call(auth, [401, 200]);
  expect(seen.size).toBe(2);
});
