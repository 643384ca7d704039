import { describe, expect, it } from 'vitest';
import { checkedArgv } from '../../../../src/node/command/argv.ts';
import { MARK } from '../../../helpers/leaks-mark.ts';

describe('a command', () => {
  it('is copied, and cannot be changed any more', () => {
    const command = ['tool', 'argument'];
    const argv = checkedArgv(command);
    command[0] = 'another';

    expect(argv).toEqual(['tool', 'argument']);
    expect(Object.isFrozen(argv)).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['text', `gcloud --token=${MARK}`, /no shell/],
    ['nothing', undefined, /must be a list/],
    ['an empty list', [], /must be a list/],
    ['an empty name', ['', MARK], /begins with the name/],
    ['a blank name', [' ', MARK], /begins with the name/],
    ['a number', ['tool', 1, MARK], /holds number/],
    ['nothing in it', ['tool', null, MARK], /holds null/],
    ['a NUL', ['tool', `${MARK}\0`], /NUL/],
  ])('is refused as %s, and not repeated', (_name, command, says) => {
    const check = () => checkedArgv(command as string[]);

    expect(check).toThrow(expect.objectContaining({ option: 'command', message: expect.stringMatching(says) }));
    expect(check).not.toThrow(MARK);
  });
});
