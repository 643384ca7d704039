import { TokenEndpointError } from '../errors.ts';

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
    const newer = await ask();
    if (JSON.stringify(newer) === JSON.stringify(given)) throw cause;
    return use(newer);
  }
}
