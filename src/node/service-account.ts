import { CredentialError } from '../errors.ts';
import type { ServiceAccount } from '../oauth/grants/jwt-bearer.ts';
import { readOptions } from '../options.ts';
import { registerSecret } from '../secrets/registry.ts';
import { readText } from './files/read-text.ts';
import { statedPath } from './files/stated-path.ts';
import { warnIfWorldReadable } from './files/world-readable.ts';
import { type SecretFileOptions, secretFileShape } from './secret-file.ts';

/**
 * Reads a service account's key file, as Google makes them, for `jwtBearer`. The private key is masked in logs from here
 * on, and does not show where the account is printed.
 *
 * @throws {@link ConfigurationError} for a relative path without `directory`; {@link CredentialError} naming the path,
 * for a file that cannot be read or is no key file.
 * @example
 * const account = await serviceAccount('/etc/robot/key.json');
 * new AuthOAuth2(jwtBearer({ serviceAccount: account, scope: 'https://www.googleapis.com/auth/drive' }));
 */
export async function serviceAccount(path: string | URL, given?: SecretFileOptions): Promise<ServiceAccount> {
  const options = readOptions('serviceAccount', given, secretFileShape);
  const file = statedPath(path, 'the path of a service account', options);
  const what = `the service account ${file}`;
  const { text, mode } = await readText(file, what);
  if (options.permissions !== 'ignore') warnIfWorldReadable(file, mode);
  const fields = parse(text, what);
  const privateKey = required(fields, 'private_key', what);
  const account = {
    client_email: required(fields, 'client_email', what),
    ...optional(fields, 'private_key_id'),
    ...optional(fields, 'token_uri'),
  };
  registerSecret(account, 'private_key', privateKey);
  return Object.defineProperty(account, 'private_key', { value: privateKey }) as ServiceAccount;
}

type Fields = Readonly<Record<string, unknown>>;

/** Its error is dropped: it quotes the text. */
function parse(text: string, what: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null) throw new CredentialError(`${what} is not a JSON object.`);
  return value as Fields;
}

function required(fields: Fields, name: keyof ServiceAccount, what: string): string {
  const value = own(fields, name);
  if (typeof value === 'string' && value !== '') return value;
  const type = own(fields, 'type');
  const other = type === 'authorized_user' || type === 'external_account' ? ` Its type is ${type}.` : '';
  throw new CredentialError(`${what} has no '${name}': it must be the key file of a service account.${other}`);
}

function optional<Name extends 'private_key_id' | 'token_uri'>(
  fields: Fields,
  name: Name,
): { [name in Name]?: string } {
  const value = own(fields, name);
  return typeof value === 'string' && value !== '' ? ({ [name]: value } as { [name in Name]: string }) : {};
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
