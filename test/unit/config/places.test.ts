import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProjectFile, homeOf, systemFile, userFile } from '../../../src/config/places.ts';
import { folder } from './folder.ts';

describe("the user's file", () => {
  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', { HOME: '/home/ada' }, '/home/ada/.config/authwire/config.toml'],
    ['linux', { HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/authwire/config.toml'],
    ['linux', { HOME: '/home/ada', XDG_CONFIG_HOME: 'relative' }, '/home/ada/.config/authwire/config.toml'],
    ['linux', { HOME: '/home/ada', XDG_CONFIG_HOME: '' }, '/home/ada/.config/authwire/config.toml'],
    ['darwin', { HOME: '/Users/ada' }, '/Users/ada/.config/authwire/config.toml'],
    ['win32', { APPDATA: 'C:\\Users\\ada\\R' }, 'C:\\Users\\ada\\R\\authwire\\config.toml'],
    ['win32', { USERPROFILE: 'C:\\Users\\ada' }, 'C:\\Users\\ada\\AppData\\Roaming\\authwire\\config.toml'],
    ['win32', { USERPROFILE: 'C:\\U', XDG_CONFIG_HOME: 'C:\\X' }, 'C:\\U\\AppData\\Roaming\\authwire\\config.toml'],
  ])('on %s with %j is %s', (platform, env, file) => {
    expect(userFile(env, platform)).toBe(file);
  });

  it('is in the directory that the system knows where the environment names none', () => {
    expect(homeOf({}, 'linux')).toMatch(/^[/\w]/);
  });
});

describe("the system's file", () => {
  it('is nowhere on Windows, where everybody may make one', () => {
    expect([systemFile('win32'), systemFile('linux')]).toEqual([undefined, '/etc/authwire/config.toml']);
  });
});

describe("the project's file", () => {
  const cases: [name: string, files: string[], git: string | undefined, start: string, found: string | undefined][] = [
    ['in the directory itself', ['a/.authwire.toml'], undefined, 'a', 'a/.authwire.toml'],
    ['the nearest one', ['.authwire.toml', 'a/.authwire.toml'], '.git', 'a/b', 'a/.authwire.toml'],
    ['at the root of the repository', ['.authwire.toml'], '.git', 'a/b/c', '.authwire.toml'],
    ['not above the repository', ['.authwire.toml'], 'a/.git', 'a/b', undefined],
    ['not above the directory outside of a repository', ['.authwire.toml'], undefined, 'a', undefined],
    ['nowhere', [], '.git', 'a', undefined],
  ];

  it.each(cases)('is found %s', (_name, files, git, start, found) => {
    using place = folder();
    for (const file of files) place.write(file, '');
    mkdirSync(join(place.path, start), { recursive: true });
    if (git !== undefined) mkdirSync(join(place.path, git), { recursive: true });
    expect(findProjectFile(join(place.path, start))).toBe(found && join(place.path, found));
  });

  it('is found where the root is a worktree, whose .git is a file', () => {
    using place = folder();
    place.write('.git', 'gitdir: /elsewhere');
    const file = place.write('.authwire.toml', '');
    mkdirSync(join(place.path, 'a'));
    expect(findProjectFile(join(place.path, 'a'))).toBe(file);
  });
});
