import type { Situation } from './environment.ts';
import { link, type Terminal } from './terminal.ts';

/** What the text is about. */
export interface LinkText {
  readonly url: URL;
  readonly terminal: Terminal;
  readonly where: Situation;
  /** Where this machine listens; `undefined`: nowhere. */
  readonly port: number | undefined;
  /** Will a browser be opened? */
  readonly opens: boolean;
}

/** What somebody reads who is to sign in. */
export function linkText({ url, terminal, where, port, opens }: LinkText): string {
  const lines = [
    opens
      ? `Opening ${url.host} in your browser to sign in. If nothing opens, go to:`
      : 'To sign in, open this address:',
    '',
    `  ${link(url.href, terminal)}`,
    '',
  ];
  if (where.person === 'agent') {
    lines.unshift(
      'A person has to sign in. Show them the address below, and keep this program running until they have.',
    );
  }
  if (where.reach === 'ssh' && port !== undefined) lines.push(...forwarding(port));
  if (terminal.isInteractive) {
    lines.push('If the last page does not load, paste its address here. Press Enter for a new link.');
  }
  return `${lines.join('\n')}\n`;
}

function forwarding(port: number): string[] {
  return [
    'This is a remote session. To come back by itself, forward the port first, on your own machine:',
    '',
    `  ssh -L ${port}:127.0.0.1:${port} ${remoteHost()}`,
    '',
  ];
}

/** The address by which this session came: SSH_CONNECTION is client, port, server, port. */
function remoteHost(): string {
  const server = process.env.SSH_CONNECTION?.split(' ')[2] ?? '';
  return /^[\da-fA-F.:]+$/.test(server) ? server : 'HOST';
}
