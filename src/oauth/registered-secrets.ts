import { isNamedSecret } from '../logging/named-secret.ts';
import { textFilter } from '../logging/text-filter.ts';

let sources = 0;

/** Registers secrets of one token source with the credential filter, each under a key of this source's own. */
export function secretRegistrar(name: string): (key: string, value: string | undefined) => void {
  sources += 1;
  const prefix = `${name}@${sources}.`;
  return (key, value) => {
    if (value) textFilter.updateSecret(prefix + key, value);
  };
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
