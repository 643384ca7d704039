import { describe, expect, it } from 'vitest';
import { type Situation, type Surroundings, situation } from '../../../../src/node/login/environment.ts';

const desktop: Surroundings = {
  env: { DISPLAY: ':0' },
  platform: 'linux',
  isTerminal: true,
  isWsl: false,
  isContainer: false,
  isCi: false,
};
const SSH = { SSH_CONNECTION: '10.0.0.2 50000 10.0.0.1 22' };
const VSCODE = { VSCODE_IPC_HOOK_CLI: '/run/vscode.sock' };

describe('what is offered first', () => {
  it.each<[string, Partial<Surroundings>, Partial<Situation>]>([
    ['a desktop', {}, { person: 'terminal', browser: 'system', reach: 'direct' }],
    ['Wayland', { env: { WAYLAND_DISPLAY: 'wayland-0' } }, { browser: 'system', reach: 'direct' }],
    ['macOS', { env: {}, platform: 'darwin' }, { browser: 'system', reach: 'direct' }],
    ['Windows', { env: {}, platform: 'win32' }, { browser: 'system', reach: 'direct' }],
    ['a program without terminal on a desktop', { isTerminal: false }, { person: 'desktop', browser: 'system' }],
    ['Linux without display', { env: {} }, { person: 'terminal', browser: 'none', reach: 'direct' }],
    ['a service', { env: {}, isTerminal: false }, { person: 'nobody', browser: 'none' }],
    ['WSL', { env: {}, isWsl: true }, { browser: 'system', reach: 'direct' }],
    ['a container', { env: {}, isContainer: true }, { browser: 'none', reach: 'none' }],
    ['a container with a display', { isContainer: true }, { browser: 'system', reach: 'direct' }],
    ['SSH', { env: SSH }, { browser: 'none', reach: 'ssh' }],
    ['SSH with X11 forwarding', { env: { ...SSH, DISPLAY: 'localhost:10' } }, { browser: 'none', reach: 'ssh' }],
    ['SSH inside tmux', { env: { SSH_TTY: '/dev/pts/1', TMUX: '/tmp/tmux' } }, { browser: 'none', reach: 'ssh' }],
    ['tmux on a desktop', { env: { DISPLAY: ':0', TMUX: '/tmp/tmux' } }, { browser: 'system', reach: 'direct' }],
    [
      'VS Code over SSH',
      { env: { ...SSH, ...VSCODE, BROWSER: '/vscode/helper.sh' } },
      { browser: { command: '/vscode/helper.sh' }, reach: 'forwarded' },
    ],
    ['VS Code over SSH without its helper', { env: { ...SSH, ...VSCODE } }, { browser: 'none', reach: 'forwarded' }],
    ['a VS Code tunnel', { env: VSCODE }, { browser: 'none', reach: 'none' }],
    ['a dev container', { env: { REMOTE_CONTAINERS: 'true' }, isContainer: true }, { reach: 'forwarded' }],
    ['a codespace', { env: { CODESPACES: 'true', BROWSER: '/helper' } }, { reach: 'forwarded' }],
    ['BROWSER', { env: { BROWSER: 'firefox %s' } }, { browser: { command: 'firefox %s' }, reach: 'direct' }],
    ['BROWSER=none', { env: { BROWSER: 'none', DISPLAY: ':0' } }, { browser: 'none' }],
    ['CI', { isCi: true }, { person: 'nobody', browser: 'none', reach: 'none' }],
    ['CI=true', { env: { CI: 'true', DISPLAY: ':0' } }, { person: 'nobody', reason: 'a CI job' }],
    ['CI=false', { env: { CI: 'false', DISPLAY: ':0' } }, { person: 'terminal' }],
    ['Slurm', { env: { SLURM_JOB_ID: '1' } }, { person: 'nobody', reason: 'a batch job (SLURM_JOB_ID is set)' }],
    ['Kubernetes', { env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } }, { person: 'nobody' }],
    ['an agent', { env: { CLAUDECODE: '1' }, isTerminal: false }, { person: 'agent', browser: 'none' }],
    ['an agent on a desktop', { env: { CURSOR_AGENT: '1', DISPLAY: ':0' } }, { person: 'agent', browser: 'system' }],
  ])('%s', (_name, around, found) => {
    expect(situation({ ...desktop, ...around })).toMatchObject(found);
  });

  it('is what the program says', () => {
    expect(situation(desktop, false)).toMatchObject({ browser: 'none' });
    const server = { ...desktop, env: {}, isTerminal: false, isContainer: true };
    expect(situation(server, true)).toMatchObject({ browser: 'system', person: 'desktop', reach: 'direct' });
    expect(situation({ ...server, env: { BROWSER: 'lynx' } }, true)).toMatchObject({ browser: { command: 'lynx' } });
  });
});
