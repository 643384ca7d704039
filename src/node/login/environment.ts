/**
 * Where this process runs, as far as that decides how a person signs in. It is a guess, in the order in which the signs can
 * be trusted; it only decides what is offered first, because several ways to an answer are open at once.
 */

import { existsSync, readFileSync } from 'node:fs';
import ciInfo from 'ci-info';

/** Variables of an environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What is looked at. */
export interface Surroundings {
  readonly env: Variables;
  readonly platform: NodeJS.Platform;
  /** Can somebody read what is written, and type? */
  readonly isTerminal: boolean;
  readonly isWsl: boolean;
  readonly isContainer: boolean;
  readonly isCi: boolean;
}

/** What was found out. */
export interface Situation {
  /** Who could sign in. `'agent'`: a program that works for a person and can pass a message on. */
  readonly person: 'terminal' | 'agent' | 'desktop' | 'nobody';
  /** How a browser is opened; a text is a command of the user's. */
  readonly browser: 'system' | 'none' | { readonly command: string };
  /** Does a browser reach this machine's ports? `'forwarded'`: an editor sees to it. `'ssh'`: with `ssh -L`. */
  readonly reach: 'direct' | 'forwarded' | 'ssh' | 'none';
  /** Why, in a few words, for messages. */
  readonly reason: string;
}

/** Schedulers, clusters and notebooks in which a program runs by itself. */
const BATCH = [
  'SLURM_JOB_ID',
  'PBS_JOBID',
  'PBS_ENVIRONMENT',
  'SGE_TASK_ID',
  'LSB_JOBID',
  'OAR_JOB_ID',
  'OMPI_COMM_WORLD_SIZE',
  'PMI_SIZE',
  'KUBERNETES_SERVICE_HOST',
  'JUPYTERHUB_USER',
  'FREVA_BATCH_JOB',
];
const AGENTS = ['AI_AGENT', 'CLAUDECODE', 'CODEX_SANDBOX', 'CURSOR_AGENT', 'GEMINI_CLI', 'OPENCODE'];

/** What this process sees. */
export function surroundings(isTerminal: boolean, env: Variables = process.env): Surroundings {
  const { platform } = process;
  return {
    env,
    platform,
    isTerminal,
    isWsl: platform === 'linux' && (env.WSL_DISTRO_NAME !== undefined || /microsoft/i.test(kernelVersion())),
    isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    isCi: ciInfo.isCI && env === process.env,
  };
}

function kernelVersion(): string {
  try {
    return readFileSync('/proc/version', 'utf8');
  } catch {
    return '';
  }
}

/** @param wanted - The program's own option, which wins. */
export function situation(around: Surroundings, wanted?: boolean): Situation {
  const found = detected(around);
  if (wanted === false && found.person === 'nobody') return found;
  if (wanted === false) return { ...found, browser: 'none', reason: 'no browser is wanted' };
  if (wanted === true && found.browser === 'none') {
    const reach = found.reach === 'none' ? 'direct' : found.reach;
    return { person: personOf(around, true), browser: 'system', reach, reason: 'a browser is wanted' };
  }
  return found;
}

function detected(around: Surroundings): Situation {
  const { env, platform, isWsl, isContainer } = around;
  const automatic = nobodyThere(around);
  if (automatic !== undefined) return { person: 'nobody', browser: 'none', reach: 'none', reason: automatic };
  const { browser, reach, reason } = browserOf();
  return { person: personOf(around, browser !== 'none' && reach === 'direct'), browser, reach, reason };

  function browserOf(): Omit<Situation, 'person'> {
    const command = env.BROWSER ?? '';
    if (/^(?:none|false|0)$/i.test(command)) return none('direct', 'BROWSER says so');
    const place = remote(env);
    // An editor puts a command of its own there, which opens the browser at the other end.
    if (command !== '') return { browser: { command }, reach: place?.reach ?? 'direct', reason: 'BROWSER names one' };
    if (place !== undefined) return none(place.reach, place.reason);
    if (isWsl) return { browser: 'system', reach: 'direct', reason: 'WSL opens the browser of Windows' };
    if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
      return none(isContainer ? 'none' : 'direct', isContainer ? 'a container without display' : 'no display');
    }
    return { browser: 'system', reach: 'direct', reason: 'a desktop' };
  }
}

function none(reach: Situation['reach'], reason: string): Omit<Situation, 'person'> {
  return { browser: 'none', reach, reason };
}

function nobodyThere({ env, isCi }: Surroundings): string | undefined {
  if (isCi || (env.CI !== undefined && !/^(?:false|0|)$/i.test(env.CI))) return 'a CI job';
  const batch = BATCH.find((name) => env[name] !== undefined && env[name] !== '');
  return batch && `a batch job (${batch} is set)`;
}

/** This machine is not the one with the browser. */
function remote(env: Variables): Pick<Situation, 'reach' | 'reason'> | undefined {
  if (env.CODESPACES === 'true') return { reach: 'forwarded', reason: 'a codespace' };
  if (env.REMOTE_CONTAINERS === 'true' || env.DEVCONTAINER === 'true') {
    return { reach: 'forwarded', reason: 'a dev container' };
  }
  const isSsh = Boolean(env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY);
  if (env.VSCODE_IPC_HOOK_CLI && isSsh) return { reach: 'forwarded', reason: 'VS Code over SSH' };
  // A tunnel or an editor in a browser.
  if (env.VSCODE_IPC_HOOK_CLI) return { reach: 'none', reason: 'VS Code without port forwarding' };
  return isSsh ? { reach: 'ssh', reason: 'an SSH session' } : undefined;
}

function personOf({ env, isTerminal }: Surroundings, hasBrowser: boolean): Situation['person'] {
  if (AGENTS.some((name) => env[name] !== undefined && env[name] !== '')) return 'agent';
  if (isTerminal) return 'terminal';
  return hasBrowser ? 'desktop' : 'nobody';
}
