import { describe, expect, it } from 'vitest';
import { isReference, SecretReference } from '../../../src/config/layer.ts';
import { secret } from '../../../src/secret.ts';

describe('a reference to a secret', () => {
  it('is told from everything else that a field may hold', () => {
    const others = ['text', 1, true, secret('open sesame'), () => 'asked', { from: 'env', name: 'PATH' }];
    expect([new SecretReference('env', 'PATH'), ...others].map(isReference)).toEqual([
      true,
      ...others.map(() => false),
    ]);
  });
});
