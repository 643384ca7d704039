/** How the names of secrets end: `access_token`, `clientSecret`, `X-Amz-Signature`. */
export const SECRET_NAME =
  /(?:token|secret|passw(?:or)?d|passphrase|pwd(?=[=:][^/])|api[_-]?key|private[_-]?key|access[_-]?key|secret[_-]?key|key[_-]data|signature|credential|assertion|code[_-]?verifier|device[_-]?code|session[_-]?id|sessid|(?<![a-z])sig|samlresponse)(?![\w-])/gi;
const WHOLE_NAME = new RegExp(`(?:${SECRET_NAME.source})$`, 'i');
/** Headers and parameters that are secret as well, as their last word says. */
const LAST_WORD = /(?:^|[-_])(?:auth|authorization|cookie|jwt|key|otp|passcode|pat|pin)$/i;
/** Shorter values stand in ordinary text. */
const SHORTEST = 6;

/** Is what a user sends under this name to be known to the credential filter? Other values may stand in every log. */
export function isNamedSecret(name: string, value: string): boolean {
  return value.length >= SHORTEST && (isSecretName(name) || LAST_WORD.test(name));
}

/** Does the name end as those of secrets do? */
export function isSecretName(name: string): boolean {
  return WHOLE_NAME.test(name);
}
