import { CONTROLS, unsendable } from './header-value.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for.
const CONTROL = /[\x00-\x1f\x7f]/;
/** Half a surrogate pair is no Unicode text: it would be sent as another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Refuses secrets that are no single line of text, although their encoding (base64, a form, JSON) could carry them:
 * RFC 7617 §2 forbids control characters, and elsewhere they are a mistake.
 *
 * @param what - Names the secret in the error, as a user would: `the password`.
 * @throws {@link CredentialError} for control characters and halves of surrogate pairs.
 */
export function assertSecretText(value: string, what: string): void {
  if (CONTROL.test(value)) throw unsendable(what, CONTROLS);
  if (LONE_SURROGATE.test(value)) throw unsendable(what, 'half of a surrogate pair');
}
