/**
 * Finds and reads `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`.
 */

import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { ConfigurationError } from '../../errors.ts';
import { errorCode, plainCause } from '../../secrets/plain-cause.ts';
import type { Environment } from '../places.ts';
import type { Branch, Tree } from './settings.ts';

export interface CloudFiles {
  /** What the `clouds.yaml` holds that was found; what `secure.yaml` adds to it stands apart. */
  readonly clouds: Branch;
  /** The file that names the clouds. */
  readonly file: string | undefined;
  readonly secure: Branch;
  readonly publicClouds: Branch;
  /** Where clouds were looked for, for errors. */
  readonly places: readonly string[];
}

const SUFFIXES = ['.yaml', '.yml', '.json'];
const MAX_BYTES = 1024 * 1024;
/** No file that people write has more anchors and aliases; the parser takes quadratic time for them. */
const MAX_REFERENCES = 1000;
const MAX_SETTINGS = 100_000;
const MAX_DEPTH = 50;
const ENDLESS = 'has references that go in circles, or too many of them';

/**
 * Reads the files of one user. The working directory is not searched: anyone who can put a file there could choose where the
 * passwords go. A file that is named explicitly must be there.
 *
 * @throws {@link ConfigurationError} naming the file.
 */
export async function readCloudFiles(env: Environment, files?: readonly string[]): Promise<CloudFiles> {
  const { OS_CLIENT_CONFIG_FILE: configFile, OS_CLIENT_SECURE_FILE: secureFile } = env;
  const folders = userFolders(env);
  const named = files ?? (configFile ? [configFile] : []);
  const places = named.length > 0 ? named : inFolders(folders, 'clouds');
  const found = await firstOf(places);
  if (found === undefined && named.length > 0) {
    const option = files === undefined ? "variable 'OS_CLIENT_CONFIG_FILE'" : "option 'files'";
    throw new ConfigurationError(`${option} names ${named.join(', ')}, which is not there.`, {
      option: files === undefined ? 'OS_CLIENT_CONFIG_FILE' : 'files',
    });
  }
  const beside = found === undefined || named.length === 0 ? folders : [dirname(found.file), ...folders];
  const secure = secureFile ? [secureFile] : inFolders(beside, 'secure');
  const [more, publicClouds] = [await firstOf(secure), await firstOf(inFolders(beside, 'clouds-public'))];
  if (more === undefined && secureFile) {
    throw new ConfigurationError(`variable 'OS_CLIENT_SECURE_FILE' names ${secureFile}, which is not there.`, {
      option: 'OS_CLIENT_SECURE_FILE',
    });
  }
  const nothing: Branch = new Map();
  return {
    clouds: found?.content ?? nothing,
    file: found?.file ?? more?.file,
    secure: more?.content ?? nothing,
    publicClouds: publicClouds?.content ?? nothing,
    places,
  };
}

function userFolders({ HOME, XDG_CONFIG_HOME }: Environment): readonly string[] {
  const home = join(HOME || homedir(), '.config');
  return [...new Set([XDG_CONFIG_HOME || home, home, '/etc'])].map((folder) => join(folder, 'openstack'));
}

function inFolders(folders: readonly string[], name: string): readonly string[] {
  return folders.flatMap((folder) => SUFFIXES.map((suffix) => join(folder, name + suffix)));
}

interface Found {
  readonly file: string;
  readonly content: Branch;
}

async function firstOf(files: readonly string[]): Promise<Found | undefined> {
  for (const file of files) {
    const text = await read(file);
    if (text !== undefined) return { file, content: parse(text, file) };
  }
  return undefined;
}

const ABSENT = ['ENOENT', 'ENOTDIR'];

async function read(file: string): Promise<string | undefined> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > MAX_BYTES) throw refusal(file, 'is larger than 1 MiB');
    return await handle.readFile('utf8');
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof ConfigurationError) throw error;
    if (code !== undefined && ABSENT.includes(code)) return undefined;
    throw refusal(file, `cannot be read (${code ?? 'unknown error'})`);
  }
}

/** All scalars are text: a password may look like a number, or be `no`. The parser's messages quote the file. */
function parse(text: string, file: string): Branch {
  if ((text.match(/(?<!\w)[&*]\w/g) ?? []).length > MAX_REFERENCES) throw refusal(file, ENDLESS);
  const document = parseDocument(text, { schema: 'failsafe', merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw refusal(file, `is not valid YAML${lineOf(error.linePos)}`);
  const tree = toTree(toMaps(document, file), file, '', { left: MAX_SETTINGS });
  if (tree === undefined) return new Map();
  if (tree instanceof Map) return tree;
  throw refusal(file, 'holds no settings by name');
}

function lineOf(position: readonly { readonly line: number }[] | undefined): string {
  return position?.[0] === undefined ? '' : `: look at line ${position[0].line}`;
}

function toMaps(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ mapAsMap: true });
  } catch (error) {
    throw refusal(file, ENDLESS, plainCause(error));
  }
}

/** Aliases make a few lines a tree without end. */
interface Limit {
  left: number;
}

function toTree(value: unknown, file: string, path: string, limit: Limit, depth = 0): Tree | undefined {
  limit.left -= 1;
  if (limit.left < 0 || depth > MAX_DEPTH) throw refusal(file, ENDLESS);
  if (typeof value === 'string') return value === '' ? undefined : { value, where: `${file}: ${path}` };
  if (Array.isArray(value)) return value.flatMap((item) => toTree(item, file, path, limit, depth + 1) ?? []);
  if (!(value instanceof Map)) return undefined;
  const entries = [...value].flatMap(([key, item]): [string, Tree][] => {
    const tree = toTree(item, file, path === '' ? String(key) : `${path}.${key}`, limit, depth + 1);
    return tree === undefined ? [] : [[String(key), tree]];
  });
  return new Map(entries);
}

function refusal(file: string, problem: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(`the file ${file} ${problem}.`, { option: file, cause });
}
