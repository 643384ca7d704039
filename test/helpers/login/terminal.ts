import type { Terminal } from '../../../src/node/login/terminal.ts';

/** A terminal with somebody at it who answers what was written with a line; `undefined`: leaves. */
export function pastingTerminal(
  answer: (said: string) => Promise<string | undefined>,
): Terminal & { readonly said: string } {
  let said = '';
  return {
    isInteractive: true,
    hasLinks: false,
    get said() {
      return said;
    },
    write(text) {
      said += text;
    },
    readLine: async (signal) => {
      signal.throwIfAborted();
      // A person reads first: the link is written in the same turn.
      await new Promise((resolve) => setImmediate(resolve));
      return answer(said);
    },
  };
}
