/**
 * Which projects' files their reader has looked at and trusts: by place and content, so that whatever a later pull brings is
 * not trusted.
 */

import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultTokenFolder } from '../node/stores/places.ts';
import { isOwn } from './owners.ts';
import type { Environment } from './places.ts';

const WRITABLE_BY_OTHERS = 0o022;

/** Does this user trust a file with exactly this text? */
export function isTrusted(path: string, text: string, env: Environment): boolean {
  try {
    const folder = trustFolder(env);
    return [folder, join(folder, idOf(path, text))].every((one) => isPrivate(one));
  } catch {
    return false;
  }
}

/** Trusts a file with exactly this text from now on. */
export function trust(path: string, text: string, env: Environment): void {
  const folder = trustFolder(env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, idOf(path, text)), `${path}\n`, { mode: 0o600 });
}

/** Trusts the file no more, whatever its text was. @returns Whether it was trusted. */
export function distrust(path: string, env: Environment): boolean {
  const folder = trustFolder(env);
  const found = namesIn(folder).filter((name) => readFileSync(join(folder, name), 'utf8') === `${path}\n`);
  for (const name of found) unlinkSync(join(folder, name));
  return found.length > 0;
}

function trustFolder(env: Environment): string {
  return join(dirname(defaultTokenFolder(env)), 'trust');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isPrivate(path: string): boolean {
  const stats = lstatSync(path);
  return (
    isOwn(stats) && !stats.isSymbolicLink() && (process.platform === 'win32' || (stats.mode & WRITABLE_BY_OTHERS) === 0)
  );
}

function idOf(path: string, text: string): string {
  return createHash('sha256').update(`${path}\0${text}`).digest('hex');
}
