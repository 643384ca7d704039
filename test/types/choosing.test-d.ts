import { AuthApiKey, AuthBasic, AuthBearer, AuthByChallenge, AuthByOrigin } from 'authwire';
import { it } from 'vitest';

it('chooses among authenticators of any credential, by origin or by scheme', () => {
  const [basic, key] = [new AuthBasic({ username: 'ada', password: 'p' }), new AuthApiKey({ key: 'k' })];
  new AuthByOrigin({ 'https://a.example': basic, 'https://b.example': key });
  new AuthByOrigin([
    [['https://a.example'], basic],
    [(url) => url.port === '8443', key],
  ]);
  new AuthByChallenge({ basic, bearer: new AuthBearer(() => 't') }, { allowWeaker: true });
  // @ts-expect-error: its origins are those of its routes
  new AuthByOrigin({ 'https://a.example': basic }, { origins: '*' });
  // @ts-expect-error: no authenticator
  new AuthByChallenge({ basic: 'p' });
});
