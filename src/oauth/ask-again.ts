import { LoginRequiredError, TokenEndpointError } from '../errors.ts';

/**
 * Uses what `ask` gives. Where the server refuses it with this `error`, asks once more, and uses what comes if it is
 * something else.
 */
export async function askAgain<Given extends string | object, Result>(
  error: string,
  ask: () => Given | Promise<Given>,
  use: (given: Given) => Promise<Result>,
): Promise<Result> {
  const given = await ask();
  try {
    return await use(given);
  } catch (cause) {
    if (!(cause instanceof TokenEndpointError) || cause.error !== error) throw cause;
    // Where there is no other token, the refusal counts: a refresh token that was refused is dead.
    const askOnceMore = async () => ask();
    const newer = await askOnceMore().catch(() => given);
    if (JSON.stringify(newer) === JSON.stringify(given)) throw cause;
    try {
      return await use(newer);
    } catch (failure) {
      throw failure instanceof LoginRequiredError ? cause : failure;
    }
  }
}
