import { renderUnicodeCompact } from 'uqr';
import type { DevicePrompt } from '../../oauth/device-code.ts';
import { link, type Terminal } from './terminal.ts';

/** What somebody reads who is to sign in on another screen. */
export function deviceText(
  { userCode, verificationUri, verificationUriComplete, expiresAt }: DevicePrompt,
  { clientId, server }: { readonly clientId: string; readonly server: string },
  terminal: Terminal,
  now: number,
): string {
  const lines = [
    `To sign in to ${server} (client ${clientId}), open this page on any device:`,
    '',
    `  ${link(verificationUri, terminal)}`,
    '',
    `and enter the code  ${userCode}`,
    '',
    `The code is good for ${timeLeft(expiresAt - now)}. Only go on if you started this yourself: anyone who gets a code from`,
    'somebody else signs that person in, not themselves.',
  ];
  if (terminal.isInteractive && verificationUriComplete !== undefined) {
    lines.push('', renderUnicodeCompact(verificationUriComplete, { border: 1 }));
  }
  return `${lines.join('\n')}\n`;
}

/** Minutes, or seconds where it is less than two minutes. */
function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Counts down on a line of its own until the signal aborts. */
export function countDown(expiresAt: number, terminal: Terminal, signal: AbortSignal): void {
  if (!terminal.isInteractive || signal.aborted) return;
  const clear = '\r\u001b[2K';
  const timer = setInterval(() => {
    terminal.write(`${clear}Waiting for you to sign in: ${timeLeft(expiresAt - Date.now())} left`);
  }, 1000).unref();
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer);
      terminal.write(clear);
    },
    { once: true },
  );
}
