import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { ConfigurationError } from '../errors.ts';
import { fileOfEnvironment } from './environment.ts';
import { fileLayer } from './file-layer.ts';
import { writtenSecrets } from './known-secrets.ts';
import type { Layer, LayerKind } from './layer.ts';
import { refuseForeignFile, refuseForeignRepository } from './owners.ts';
import {
  type Environment,
  findProjectFile,
  newProjectFile,
  pathFrom,
  repositoryOf,
  systemFile,
  userFile,
} from './places.ts';
import { refuseForbidden } from './project-rules.ts';
import { readFile } from './read-file.ts';
import { isTrusted } from './trust.ts';

/** A file that is read if it is there, or that must be there. */
export interface StatedFile {
  readonly kind: LayerKind;
  readonly path: string;
  readonly isRequired: boolean;
  /** The root of the repository that makes it the project's, where it is not in the directory itself. */
  readonly repository?: string;
}

/** The state of a configuration file. */
export interface FileState {
  /** The absolute path. */
  readonly file: string;
  /** The layer that it belongs to. */
  readonly layer: LayerKind;
  /** Is there a file? */
  readonly exists: boolean;
  /** Can this process read it? */
  readonly readable: boolean;
  /** Such as `0600`; empty where there is no file, and on Windows. */
  readonly permissions: string;
}

/** The files to read, from the lowest layer to the highest. */
export function statedFiles(directory: string, env: Environment, files?: readonly string[]): StatedFile[] {
  if (files !== undefined) {
    return files.map((file) => ({ kind: 'given', path: pathFrom(directory, file, env), isRequired: true }));
  }
  const system = systemFile();
  const named = fileOfEnvironment(env);
  const own = named === undefined ? userFile(env) : pathFrom(directory, named, env);
  const project = projectFile(directory);
  return [
    ...(system === undefined ? [] : [{ kind: 'system' as const, path: system, isRequired: false }]),
    { kind: 'user', path: own, isRequired: named !== undefined },
    // Whom the environment names, it trusts.
    ...(project.path === own ? [] : [project]),
  ];
}

function projectFile(directory: string): StatedFile {
  const found = findProjectFile(directory);
  const repository = found && repositoryOf(found, directory);
  const path = found ?? newProjectFile(directory);
  return { kind: 'project', path, isRequired: false, ...(repository !== undefined && { repository }) };
}

/**
 * The layer of a file; `undefined` where there is none, and none is required.
 *
 * @throws {@link ConfigurationError} for a file that is missing, that cannot be read or that is wrong, and for a
 * project's file that belongs to another user.
 */
export function readLayer(
  { kind, path, isRequired, repository }: StatedFile,
  env: Environment,
  warn: (message: string) => void,
): Layer | undefined {
  const isProject = kind === 'project';
  if (repository !== undefined) refuseForeignRepository(path, repository);
  const refuse = (stats: Stats) => (isProject ? refuseForeignFile(path, stats) : undefined);
  const content = readFile(path, { followLink: !isProject, refuse });
  if (content === undefined && isRequired) throw new ConfigurationError(`${path}: no such file.`);
  if (content === undefined) return undefined;
  const isUnknown = isProject && !isTrusted(path, content.text, env);
  const layer = fileLayer({ kind: isProject && !isUnknown ? 'trusted' : kind, path, text: content.text }, env);
  if (isUnknown) refuseForbidden(layer);
  const [secret] = writtenSecrets([layer]);
  if (secret !== undefined && !content.isPrivate) {
    warn(`${path} holds secrets, and others on this machine may read it: chmod 600 '${path}'`);
  }
  return layer;
}

/** The project's file, wherever it is or would be. */
export function readProjectFile(directory: string): { readonly path: string; readonly text: string | undefined } {
  const { path, repository } = projectFile(directory);
  if (repository !== undefined) refuseForeignRepository(path, repository);
  const refuse = (stats: Stats) => refuseForeignFile(path, stats);
  const text = readFile(path, { followLink: false, refuse })?.text;
  return { path, text };
}

/** What a table of files shows. */
export function stateOf({ kind, path }: StatedFile): FileState {
  const mode = modeOf(path);
  const permissions = mode === undefined || process.platform === 'win32' ? '' : mode.toString(8).padStart(4, '0');
  return { file: path, layer: kind, exists: mode !== undefined, readable: isReadable(path), permissions };
}

/** Where a folder is locked, nobody knows what is in it. */
function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode & 0o7777;
  } catch {
    return undefined;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
