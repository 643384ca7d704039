/**
 * The shapes of JSON in which commands print tokens.
 */

/** Where a shape holds the token, and when it expires: the first of several paths that holds something. */
export interface AnswerShape {
  readonly token: readonly string[];
  readonly expiry: readonly string[];
  /** Why there may be no token there, for people. */
  readonly hint?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Also those of gcloud, az and others that print an object of their own. */
const PLAIN: AnswerShape = {
  token: ['access_token', 'token', 'accessToken'],
  // Not az's `expiresOn`, which is local time without saying so; `expires_on` has the same in UTC.
  expiry: [
    ...['expires_at', 'expires_on', 'expires_in', 'expiration', 'expires', 'expiry'],
    ...['expiresAt', 'expiresIn', 'expirationTime', 'expiration_time', 'exp'],
  ],
};

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
const KUBERNETES: AnswerShape = {
  token: ['status.token'],
  expiry: ['status.expirationTimestamp'],
  hint: "It is an ExecCredential without 'status.token'. A client certificate belongs to the TLS of your client, not into a header.",
};

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
const AWS: AnswerShape = {
  token: ['SessionToken'],
  expiry: ['Expiration'],
  hint: "It holds AWS keys without 'SessionToken', which alone can be sent as it is: the others sign requests.",
};

/** Which shape an object has; the first names decide. */
export function shapeOf(answer: Fields): AnswerShape {
  if (own(answer, 'kind') === 'ExecCredential') return KUBERNETES;
  return own(answer, 'AccessKeyId') === undefined ? PLAIN : AWS;
}

/** What is secret in any shape, beside the token itself. */
const SECRET_NAMES =
  /^(?:access_?token|token|id_?token|refresh_?token|session_?token|secret_?access_?key|client_?key_?data|client_?secret|password)$/i;
const DEEPEST = 8;

/** The secrets of an answer, wherever they stand in it. */
export function* secretsIn(value: unknown, name = '', depth = 0): Generator<string> {
  if (typeof value === 'string' && value !== '' && SECRET_NAMES.test(name)) yield value;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
  for (const [key, entry] of Object.entries(value)) yield* secretsIn(entry, key, depth + 1);
}

function own(answer: Fields, name: string): unknown {
  return Object.hasOwn(answer, name) ? answer[name] : undefined;
}
