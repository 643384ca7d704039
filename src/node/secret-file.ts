import { ConfigurationError, CredentialError } from '../errors.ts';
import { oneOf, readOptions, type Shape, urlLike } from '../options.ts';
import { type Secret, secret } from '../secret.ts';
import { readText } from './files/read-text.ts';
import { type DirectoryOption, statedPath } from './files/stated-path.ts';
import { warnIfWorldReadable } from './files/world-readable.ts';

/** Options of {@link secretFile}. */
export interface SecretFileOptions extends DirectoryOption {
  /**
   * Whether one warning of the process says that everybody on this machine may read the file. Default: `'warn'`. It is
   * `'ignore'` for files in a container, where nobody else is. Windows keeps permissions elsewhere: no warning there.
   */
  readonly permissions?: 'warn' | 'ignore';
}

/** The kinds of these options. */
export const secretFileShape: Shape<SecretFileOptions> = { directory: urlLike, permissions: oneOf('warn', 'ignore') };

/**
 * A secret that stands in a file: a mounted Kubernetes token, a Docker secret. The file is read each time the secret is
 * needed, so that a rotated one is found; one line break at its end is no part of the secret.
 *
 * @throws {@link ConfigurationError} for a relative path without `directory`. The function itself rejects with a
 * {@link CredentialError} naming the path, for a file that cannot be read or is empty.
 * @example
 * new AuthJwt({ token: secretFile('/var/run/secrets/tokens/api') });
 */
export function secretFile(path: string | URL, given?: SecretFileOptions): () => Promise<Secret> {
  const options = readOptions('secretFile', given, secretFileShape);
  const file = statedPath(path, 'the path of a secret file', options);
  const what = `the secret file ${file}`;
  return async () => {
    const { text, mode } = await readText(file, what);
    if (options.permissions !== 'ignore') warnIfWorldReadable(file, mode);
    return secret(withoutLineBreak(text, what));
  };
}

/**
 * A secret that stands in an environment variable, read each time the secret is needed; one line break at its end is no
 * part of the secret.
 *
 * @throws {@link ConfigurationError} for what is no name. The function itself throws a {@link CredentialError} naming the
 * variable, when it is not set or is empty.
 * @example
 * clientCredentials({ issuer, clientId: 'reports', clientSecret: secretEnv('REPORTS_CLIENT_SECRET') });
 */
export function secretEnv(name: string): () => Secret {
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError("secretEnv takes the name of an environment variable, such as 'API_TOKEN'.");
  }
  const what = `the environment variable ${name}`;
  return () => {
    const value = process.env[name];
    if (value === undefined) throw new CredentialError(`${what} is not set.`);
    return secret(withoutLineBreak(value, what));
  };
}

/** One of them: an editor's or `echo`'s. Whatever else is at the end belongs to the secret, or is a mistake to be told. */
function withoutLineBreak(text: string, what: string): string {
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new CredentialError(`${what} is empty.`);
  return value;
}
