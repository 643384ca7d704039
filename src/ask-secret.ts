import { CredentialError, isAuthError } from './errors.ts';
import { resolveSecret, type SecretOption } from './secret.ts';

/**
 * The text of a secret option, checked before anybody sees it; a promise only where the option is a function that
 * returns one. `what` names the secret in errors.
 * @throws CredentialError when the function given for it fails or answers without text, or when `check` refuses it.
 */
export function askSecret(
  option: SecretOption,
  what: string,
  check: (value: string, what: string) => void,
): string | Promise<string> {
  const checked = (value: string) => {
    check(value, what);
    return value;
  };
  const failed = (cause: unknown): never => {
    if (isAuthError(cause)) throw cause;
    const problem =
      typeof option === 'function'
        ? ': its function failed or returned no text'
        : ' must be text, a secret or a function';
    throw new CredentialError(`${what}${problem}.`, { cause });
  };
  let value: string | Promise<string>;
  try {
    value = resolveSecret(option);
  } catch (cause) {
    return failed(cause);
  }
  return typeof value === 'string' ? checked(value) : value.then(checked, failed);
}

/**
 * The checked text of a secret that is given as such, so that a wrong one fails where it was written; `undefined` where
 * a function must be asked.
 *
 * @throws CredentialError as {@link askSecret} does.
 */
export function givenSecret(
  option: SecretOption,
  what: string,
  check: (value: string, what: string) => void,
): string | undefined {
  return typeof option === 'function' ? undefined : (askSecret(option, what, check) as string);
}
