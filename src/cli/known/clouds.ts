import { readCloudFiles } from '../../config/openstack/files.ts';
import { isBranch, isSetting, type Tree } from '../../config/openstack/settings.ts';
import { configurationError } from './configuration-error.ts';
import type { KnownValue, KnownValueOptions } from './known-value.ts';

/** What openstacksdk's ways to log in call their secrets. */
const SECRET_KEYS: readonly string[] = [
  'password',
  'passcode',
  'token',
  'auth_token',
  'admin_token',
  'access_token',
  'refresh_token',
  'client_secret',
  'oauth_consumer_secret',
  'application_credential_secret',
];

/**
 * The secrets of all clouds in `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`.
 *
 * @throws {@link ConfigurationError} for files that are wrong: nobody would notice that less is masked.
 */
export async function cloudValues({ profiles = true }: KnownValueOptions): Promise<KnownValue[]> {
  if (!profiles) return [];
  try {
    const { clouds, secure, publicClouds } = await readCloudFiles(process.env);
    return [clouds, secure, publicClouds].flatMap((tree) => valuesIn(tree, ''));
  } catch (cause) {
    throw configurationError(cause);
  }
}

function valuesIn(tree: Tree, key: string): KnownValue[] {
  if (isSetting(tree)) return SECRET_KEYS.includes(key) ? [{ name: tree.where, value: tree.value }] : [];
  if (isBranch(tree)) return [...tree].flatMap(([name, inner]) => valuesIn(inner, name));
  return (tree as readonly Tree[]).flatMap((inner) => valuesIn(inner, key));
}
