import { isNamedSecret } from '../secrets/named-secret.ts';
import { registerSecret } from '../secrets/registry.ts';

/** Registers secrets under keys of one owner. */
export type SecretRegistrar = (key: string, value: string | undefined) => void;

/**
 * Makes a function that registers secrets of one owner, so that they are masked in all output.
 *
 * @param owner - The secrets are forgotten once it is garbage-collected or released. Default: the function itself, which
 *   its token source has to keep.
 */
export function secretRegistrar(owner?: object): SecretRegistrar {
  const register: SecretRegistrar = (key, value) => {
    if (value) registerSecret(owner ?? register, key, value);
  };
  return register;
}

/** Registers those of a user's parameters (text by name) that are secret by their names: servers quote what they were sent. */
export function registerParameters(
  register: (key: string, value: string) => void,
  option: string,
  parameters: unknown,
): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (typeof value === 'string' && isNamedSecret(name, value)) register(`${option}.${name}`, value);
  }
}
