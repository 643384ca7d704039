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
