import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AxiosCallConfig, AxiosReply } from '../../../../src/adapters/axios/types.ts';
import { axiosAuth } from '../../../../src/adapters/axios.ts';
import { Authenticator, type AuthRequest } from '../../../../src/lifecycle/contract.ts';

class AuthFixed extends Authenticator<string> {
  authenticate() {
    return 'ours';
  }
  modifyRequest(request: AuthRequest, credential: string) {
    request.headers.set('x-api-key', credential);
  }
}

/** What an adapter of an axios gets that is installed nowhere, such as one in a bundle. */
function bundledConfig(adapter: AxiosCallConfig['adapter'], headers: AxiosCallConfig['headers']): AxiosCallConfig {
  return { headers, adapter, url: 'http://api.example.com/', method: 'get' };
}

/** A class of headers that no copy has, with the fields as own properties, as in every axios; a new one each time. */
function unknownHeaders(): AxiosCallConfig['headers'] {
  return new (class {
    get(name: string): unknown {
      return (this as Record<string, unknown>)[name];
    }
  })() as unknown as AxiosCallConfig['headers'];
}

function dispatch(config: AxiosCallConfig): Promise<AxiosReply> {
  const { adapter } = axiosAuth(new AuthFixed(), { origins: ['http://api.example.com'] })(config);
  return (adapter as (config: AxiosCallConfig) => Promise<AxiosReply>)(config);
}

beforeEach(() => {
  vi.doMock('axios', () => {
    throw new Error('not installed');
  });
});

afterEach(() => {
  vi.doUnmock('axios');
});

describe('where no copy of axios can be found', () => {
  it('says how to name it', async () => {
    await expect(dispatch(bundledConfig('http', unknownHeaders()))).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option: 'axios' }),
    );
  });

  it('needs none for an adapter that is a function', async () => {
    const seen: unknown[] = [];
    const adapter = async (config: AxiosCallConfig) => {
      seen.push(config.headers.get('x-api-key'));
      return { status: 200, headers: {}, data: '', config };
    };

    await dispatch(bundledConfig(adapter, unknownHeaders()));

    expect(seen).toEqual(['ours']);
  });
});
