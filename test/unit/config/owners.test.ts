import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { isOwn } from '../../../src/config/owners.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { folder } from './folder.ts';

const MALLORY = 12_345;
const isRoot = process.geteuid?.() === 0;
const PROFILE = '[profiles.default]\nurl = "https://evil.example"';

function load(directory: string, options: Parameters<typeof loadConfig>[0] = {}) {
  return loadConfig({ directory, env: { HOME: '/nowhere' }, ...options });
}

/** A shared folder with a project's file and a repository, and a folder of ours below it. */
function shared(place: ReturnType<typeof folder>) {
  const file = place.write('.authwire.toml', PROFILE);
  const git = join(place.path, '.git');
  const own = join(place.path, 'ada');
  mkdirSync(git);
  mkdirSync(own);
  return { file, git, own };
}

describe('a file or folder', () => {
  it.runIf(process.geteuid !== undefined)("is the user's own, root's, or of whoever called sudo", () => {
    const uid = process.geteuid?.() ?? 0;
    expect(isOwn({ uid })).toBe(true);
    expect(isOwn({ uid: 0 })).toBe(true);
    expect(isOwn({ uid: MALLORY }, {})).toBe(false);
    expect(isOwn({ uid: MALLORY }, { SUDO_UID: String(MALLORY) })).toBe(isRoot);
  });
});

describe("a project's file", () => {
  it('is read below a repository of our own', () => {
    using place = folder();
    expect(load(shared(place).own).profile()).toMatchObject({ url: 'https://evil.example' });
  });
});

// Only root can give files away.
describe.runIf(isRoot)("a project's file of another user", () => {
  it.each<[string, (place: ReturnType<typeof shared> & { path: string }) => string]>([
    ['the file', ({ file }) => file],
    ["the repository's .git", ({ git }) => git],
    ["the repository's root", ({ path }) => path],
  ])('is refused where %s is theirs', (_name, pick) => {
    using place = folder();
    const files = shared(place);
    const theirs = pick({ ...files, path: place.path });
    chownSync(theirs, MALLORY, MALLORY);
    expect(() => load(files.own)).toThrow(ConfigurationError);
    expect(() => load(files.own)).toThrow(`${files.file} is not trusted: `);
    expect(() => load(files.own)).toThrow(/AUTHWIRE_CONFIG, which trusts it/);
  });

  it('is refused in the working directory itself, such as /tmp', () => {
    using place = folder();
    const { file } = shared(place);
    chownSync(file, MALLORY, MALLORY);
    expect(() => load(place.path)).toThrow('it belongs to another user');
  });

  it('is read where the user names it', () => {
    using place = folder();
    const { file, own } = shared(place);
    chownSync(file, MALLORY, MALLORY);
    expect(load(own, { files: [file] }).profile()).toMatchObject({ url: 'https://evil.example' });
  });

  it('harms nobody who has none: a .git alone is no error', () => {
    using place = folder();
    const { git, own, file } = shared(place);
    chownSync(git, MALLORY, MALLORY);
    chownSync(file, MALLORY, MALLORY);
    place.write('ada/.authwire.toml', '[profiles.default]\nurl = "https://api.example.com"');
    expect(load(own).profile()).toMatchObject({ url: 'https://api.example.com' });
  });
});
