import type { DebugSink } from './debug-sink.ts';
import { escapeControls } from './printable.ts';
import { maskKnown } from './registry.ts';

/**
 * Writes one line per event to the console's error stream, so that a program's output stays clean:
 * `authwire renewed authenticator=AuthJwt origin=https://api.example generation=2`. Always a single line: what a server
 * sent cannot forge a second one.
 */
export const consoleSink: DebugSink = {
  debug(fields, message) {
    const pairs = Object.entries(fields).map(([key, value]) => ` ${bare(key)}=${bare(value)}`);
    // biome-ignore lint/suspicious/noConsole: this is the one place that prints, and only when `debug` asks for it
    console.error(maskKnown(escapeControls(`authwire ${message}${pairs.join('')}`)));
  },
};

/** Text without quotes where it needs none. */
function bare(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=\\]+$/.test(value) ? value : JSON.stringify(value);
}
