import type { DebugSink } from './debug-sink.ts';
import { escapeControls } from './printable.ts';
import { maskOwn } from './registry.ts';

/**
 * Writes one line per event to the console's error stream, so that a program's output stays clean:
 * `authwire renewed authenticator=AuthJwt origin=https://api.example generation=2`.
 */
export const consoleSink: DebugSink = Object.freeze({
  debug(fields: Readonly<Record<string, unknown>>, message: string): void {
    // biome-ignore lint/suspicious/noConsole: this is the one place that prints, and only when `debug` asks for it
    console.error(maskOwn(formatLine(message, fields)));
  },
});

/** `authwire <message> key=value …`, always a single line: what a server sent cannot forge a second one. */
function formatLine(message: string, fields: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields).map(([key, value]) => ` ${bare(key)}=${formatValue(value)}`);
  return `authwire ${escapeControls(message)}${pairs.join('')}`;
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return bare(value);
  return escapeControls(JSON.stringify(value) ?? 'undefined');
}

/** Text without quotes where it needs none. */
function bare(text: string): string {
  return /^[^\s"=\\\p{C}]+$/u.test(text) ? text : escapeControls(JSON.stringify(text));
}
