import { isSecretName } from './shapes/parameters.ts';

/** Headers and parameters that are secret as well, as their last word says. */
const LAST_WORD = /(?:^|[-_])(?:auth|authorization|cookie|jwt|key|otp|passcode|pat|pin)$/i;
/** Shorter values stand in ordinary text. */
const SHORTEST = 6;

/** Is what a user sends under this name to be known to the credential filter? Other values may stand in every log. */
export function isNamedSecret(name: string, value: string): boolean {
  return value.length >= SHORTEST && (isSecretName(name) || LAST_WORD.test(name));
}
