import { cloudValues } from './known/clouds.ts';
import { credentialFileValues } from './known/credential-file.ts';
import { environmentValues, namedValues } from './known/environment.ts';
import type { KnownValue, KnownValueOptions, KnownValueSource } from './known/known-value.ts';
import { profileValues } from './known/profiles.ts';

const SOURCES: readonly KnownValueSource[] = [
  environmentValues,
  namedValues,
  credentialFileValues,
  profileValues,
  cloudValues,
];

/**
 * All values that are known to be secret.
 *
 * @throws {@link ConfigurationError} where a variable or a file is missing, or holds something else.
 */
export async function knownValues(options: KnownValueOptions): Promise<KnownValue[]> {
  const values = await Promise.all(SOURCES.map(async (source) => [...(await source(options))]));
  return values.flat();
}
