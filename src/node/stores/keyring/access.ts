/**
 * The system's keyring, asked by a process of its own: a keyring that hangs, or waits for a person, can be left only by
 * ending the program, and native code that crashes ends only the child process.
 */

import { spawn } from 'node:child_process';
import { optionalPeer } from '../../optional-peer.ts';

/** Why there is no answer. */
export type KeyringTrouble = 'missing' | 'locked' | 'silent' | 'failed';

/** The keyring cannot be used now. It is not an error yet: a store may have another way. */
export class KeyringUnavailable extends Error {
  readonly trouble: KeyringTrouble;

  constructor(trouble: KeyringTrouble, message: string) {
    super(message);
    this.name = 'KeyringUnavailable';
    this.trouble = trouble;
  }
}

/** One text in a keyring. @throws {@link KeyringUnavailable} */
export interface Keyring {
  get(account: string): Promise<string | undefined>;
  set(account: string, value: string): Promise<void>;
}

const PACKAGE = '@napi-rs/keyring';
const MOST_OUTPUT = 65_536;

/**
 * Runs in the other process. The Linux store is named because the package would else turn to the kernel's keys, which a
 * reboot forgets, without a word.
 */
const PROGRAM = `
let input = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => { input += chunk; }).on('end', () => {
  const { path, service, account, value } = JSON.parse(input);
  let answer;
  try {
    const { Entry } = require(path);
    const entry = new Entry(service, account, { linux: { store: 'secret-service' } });
    if (value !== undefined) entry.setPassword(value);
    answer = { value: value === undefined ? entry.getPassword() : value };
  } catch (error) {
    answer = { error: String(error && error.message) };
  }
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
});
`;

/** @param path - The package's main file. Default: where it is installed. */
export function systemKeyring(service: string, timeoutMs: number, path?: string): Keyring {
  const ask = async (account: string, value?: string) => {
    const answer = await askKeyring({ path: path ?? installed(), service, account, value }, timeoutMs);
    if (answer.error !== undefined) throw unavailable(answer.error);
    return typeof answer.value === 'string' ? answer.value : undefined;
  };
  return {
    get: (account) => ask(account),
    async set(account, value) {
      await ask(account, value);
    },
  };
}

function installed(): string {
  const peer = optionalPeer(PACKAGE);
  if (peer.found) return peer.path;
  throw new KeyringUnavailable('missing', `the keyring needs ${peer.reason}`);
}

interface Question {
  readonly path: string;
  readonly service: string;
  readonly account: string;
  readonly value: string | undefined;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

function askKeyring(question: Question, timeoutMs: number): Promise<Answer> {
  // Options of this process, such as a preloaded module, could write to standard output.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => {
      reject(new KeyringUnavailable('silent', `the keyring did not answer within ${timeoutMs} ms`));
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
    }, timeoutMs);
    const fail = () => reject(new KeyringUnavailable('failed', 'the keyring could not be asked'));
    child.on('error', fail);
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (output.length < MOST_OUTPUT) output += chunk;
    });
    child.on('close', () => {
      clearTimeout(timer);
      try {
        resolve(JSON.parse(output) as Answer);
      } catch {
        fail();
      }
    });
    child.stdin.end(JSON.stringify(question));
  });
}

/** The package has one code for everything, so the text tells. */
function unavailable(message: string): KeyringUnavailable {
  const shown = message.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
  if (/dismissed|locked|interaction (?:is )?not allowed|no result found/i.test(message)) {
    return new KeyringUnavailable('locked', 'the keyring is locked');
  }
  if (/DBus|zbus|org\.freedesktop|No such file|not supported|AccessDenied/i.test(message)) {
    return new KeyringUnavailable('missing', 'this system has no keyring that answers');
  }
  return new KeyringUnavailable('failed', `the keyring failed (${shown})`);
}
