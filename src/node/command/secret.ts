import type { Secret } from '../../secret.ts';
import { secret } from '../../secret.ts';
import { type CommandOptions, runner } from './source.ts';

/**
 * A secret that a command prints, such as a password manager: all of its standard output but one line break at the end. The
 * command runs when the secret is first needed, once for everybody who waits; what it printed is kept.
 *
 * @throws {@link ConfigurationError} naming `command` where that is no list. The function rejects with a
 * {@link CommandError}.
 */
export function commandSecret(
  options: Pick<CommandOptions, 'command' | 'directory' | 'passEnv'>,
): () => Promise<Secret> {
  const { failures, register, run } = runner(options);
  let known: Promise<Secret> | undefined;
  const read = async (): Promise<Secret> => {
    const result = await run(new AbortController().signal);
    const text = result.stdout.toString('utf8').replace(/\r?\n$/, '');
    if (text === '') {
      throw failures.unreadable({ kind: 'empty', problem: 'printed nothing to standard output.' }, result);
    }
    register('secret', text);
    return secret(text);
  };
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
