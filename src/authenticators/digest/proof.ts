import type { DigestAnswer } from '../../digest/answer.ts';
import { ChallengeError } from '../../errors.ts';
import type { AuthResponse } from '../../lifecycle/contract.ts';

/**
 * Makes sure that the server has proven with its answer that it knows the password as well (RFC 7616 §3.5). An error of
 * the server need not bring a proof, but a wrong one is wrong there too.
 *
 * @throws {@link ChallengeError}
 */
export function assertProven(
  response: AuthResponse,
  answer: DigestAnswer,
  info: ReadonlyMap<string, string>,
): void | Promise<void> {
  const { status } = response;
  if (info.has('rspauth') && answer.coversBody(info) && response.readText !== undefined) {
    return response.readText().then((text) => check(status, answer.isProvenBy(info, new TextEncoder().encode(text))));
  }
  check(status, answer.isProvenBy(info));
}

/**
 * Makes sure that a server which was shown no proof, because it has asked for none, sends nothing but errors: an impostor
 * would ask for none.
 *
 * @throws {@link ChallengeError}
 */
export function assertHarmless({ status }: AuthResponse): void {
  check(status, undefined);
}

function check(status: number, isProven: boolean | undefined): void {
  if (isProven === true || (isProven === undefined && status >= 400)) return;
  const what = isProven === undefined ? 'did not prove' : 'sent a wrong proof';
  throw new ChallengeError(
    `the server ${what} that it knows the password (rspauth), which option 'strict' requires: ` +
      'it is not the server that it claims to be, or sends no such proof.',
  );
}
