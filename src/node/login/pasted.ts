import type { AuthorizeRequest } from '../../oauth/grants/authorization-code.ts';
import { AGAIN } from '../../oauth/grants/authorization-code.ts';
import { judgeParameters } from './callback/judge.ts';
import type { Terminal } from './terminal.ts';

/**
 * What somebody pastes: the address of the last page, or what stands behind its question mark. Anything else is answered
 * with a line, and asked for again. {@link AGAIN}: Enter alone. `undefined`: the input has ended.
 */
export async function pastedAnswer(
  terminal: Terminal,
  { state, signal }: Pick<AuthorizeRequest, 'state' | 'signal'>,
): Promise<URLSearchParams | typeof AGAIN | undefined> {
  for (;;) {
    const line = await terminal.readLine(signal);
    if (line === undefined) return undefined;
    const text = line.trim();
    if (text === '') return AGAIN;
    const query = queryOf(text);
    const expected = { state, responseMode: 'query', origins: [] } as const;
    const { parameters } = judgeParameters({ method: 'GET', headers: {}, query, body: '' }, expected);
    if (parameters !== undefined) return parameters;
    terminal.write(
      query.includes('state=')
        ? 'That address belongs to another login. Paste the one of the newest link.\n'
        : 'That address holds no code. Press Enter for a link whose last address holds one.\n',
    );
  }
}

/** Mail programs and terminals break long addresses into lines, or put them in angle brackets. */
function queryOf(text: string): string {
  const plain = text.replaceAll(/\s/g, '').replace(/^<(.*)>$/, '$1');
  const address = plain.replace(/#.*$/, '');
  return address.slice(address.indexOf('?') + 1);
}
