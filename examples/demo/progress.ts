import { clearLine, cursorTo } from 'node:readline';
import { styleText } from 'node:util';
import type { Result, Run } from './measure.ts';

const { stdout } = process;
const live = stdout.isTTY === true && !process.env.CI;
const REDRAW_MS = 80;

/** Follows a scenario: on a terminal with one line that counts along, elsewhere with one line at its end. */
export async function follow(run: Run): Promise<Result> {
  const timer = live ? setInterval(() => draw(run), REDRAW_MS) : undefined;
  if (live) draw(run);
  const result = await run.result;
  clearInterval(timer);
  if (live) wipe();
  console.log(`${mark(result)} ${describe(run)}`);
  return result;
}

/** A line above what belongs together. */
export function heading(text: string): void {
  console.log(`\n${paint('bold', text)}`);
}

/** Text in a colour, where the output has colours and nobody minds (`NO_COLOR`). */
export function paint(color: 'green' | 'red' | 'dim' | 'bold', text: string): string {
  return styleText(color, text, { stream: stdout });
}

/** Never wider than the terminal: a line that wraps cannot be wiped. */
function draw(run: Run): void {
  wipe();
  stdout.write(paint('dim', `… ${describe(run)}`.slice(0, stdout.columns - 1)));
}

function wipe(): void {
  clearLine(stdout, 0);
  cursorTo(stdout, 0);
}

function mark({ deviations }: Result): string {
  return deviations.length === 0 ? paint('green', '✓') : paint('red', '✗');
}

function describe({ client, scenario, count }: Run): string {
  const { requests, tokenRequests } = count();
  return `${client}: ${scenario}: ${plural(requests, 'request')}, ${plural(tokenRequests, 'token request')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
