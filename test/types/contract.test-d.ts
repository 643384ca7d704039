import { expectTypeOf, it } from 'vitest';
import { ConfigurationError, isAuthError, TokenEndpointError } from '../../src/errors.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthRequest,
  type AuthResponse,
  type Verdict,
} from '../../src/lifecycle/contract.ts';

class AuthTenant extends Authenticator<{ readonly key: string }> {
  authenticate({ refused }: AuthContext<{ readonly key: string }>) {
    return refused?.credential ?? { key: 'k' };
  }

  modifyRequest(request: AuthRequest, credential: { readonly key: string }) {
    request.headers.set('x-tenant', credential.key);
    // @ts-expect-error: the method is the caller's
    request.method = 'PUT';
  }
}

it('carries the type of the credential from authenticate to modifyRequest and checkResult', () => {
  const auth = new AuthTenant();
  expectTypeOf(auth.modifyRequest).parameter(1).toEqualTypeOf<{ readonly key: string }>();
  expectTypeOf(auth.checkResult).parameter(1).toEqualTypeOf<{ readonly key: string }>();
  expectTypeOf<AuthTenant>().toExtend<Authenticator>();
});

it('lets checkResult answer at once or later, with three verdicts', () => {
  expectTypeOf<Verdict>().toEqualTypeOf<boolean | 'again'>();
  class AuthPicky extends AuthTenant {
    override async checkResult(response: AuthResponse): Promise<Verdict> {
      return response.status === 419 ? 'again' : response.status !== 401;
    }
  }
  expectTypeOf<AuthPicky>().toExtend<Authenticator>();
  class AuthWrong extends AuthTenant {
    // @ts-expect-error: no such verdict
    override checkResult() {
      return 'retry';
    }
  }
  expectTypeOf<AuthWrong>().toBeObject();
});

it('tells errors apart by class and by code', () => {
  const error: unknown = new ConfigurationError('wrong', { option: 'origins' });
  if (isAuthError(error) && error.code === 'ERR_AUTH_TOKEN_ENDPOINT') expectTypeOf(error.code).toBeString();
  if (error instanceof TokenEndpointError) expectTypeOf(error.retryAt).toEqualTypeOf<number | undefined>();
  // @ts-expect-error: not one of ours
  if (isAuthError(error) && error.code === 'ERR_OTHER') throw error;
});
