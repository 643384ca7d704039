import { describe, expect, it } from 'vitest';
import { TokenEndpointError } from '../../../src/errors.ts';
import { untilAborted } from '../../../src/oauth/until-aborted.ts';

const never = new Promise<string>(() => undefined);

describe('untilAborted', () => {
  it('gives what comes, and passes on what fails', async () => {
    const { signal } = new AbortController();
    const failure = new Error('no');
    expect(await untilAborted(Promise.resolve('keys'), signal, 'The keys')).toBe('keys');
    expect(await untilAborted(Promise.resolve('keys'), undefined, 'The keys')).toBe('keys');
    await expect(untilAborted(Promise.reject(failure), signal, 'The keys')).rejects.toBe(failure);
  });

  it.each(['before', 'meanwhile'])('is a timeout when the signal aborts %s', async (when) => {
    const controller = new AbortController();
    const reason = new Error('deadline');
    if (when === 'before') controller.abort(reason);
    const waiting = untilAborted(never, controller.signal, 'The keys');
    controller.abort(reason);
    await expect(waiting).rejects.toBeInstanceOf(TokenEndpointError);
    await expect(waiting).rejects.toMatchObject({
      kind: 'timeout',
      cause: reason,
      message: expect.stringMatching(/^The keys did not arrive/),
    });
  });
});
