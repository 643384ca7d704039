import { ConfigurationError } from '../errors.ts';

/**
 * Lets errors about an option name the field that it was taken from.
 *
 * @param fields - The field of each option that goes by another name: `{ tokenEndpoint: 'oauth2TokenURL' }`.
 */
export function namingFields<Made>(fields: Readonly<Record<string, string>>, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.option === undefined) throw error;
    const field = Object.hasOwn(fields, error.option) ? fields[error.option] : undefined;
    if (field === undefined) throw error;
    const message = error.message.replaceAll(`option '${error.option}'`, `field '${field}'`);
    throw new ConfigurationError(message, { option: field, cause: error });
  }
}
