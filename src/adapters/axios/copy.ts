/**
 * Finds the copy of axios that a request comes from. A request interceptor sees nothing but the config, and an adapter
 * that is given by name (`'http'`, `'fetch'`) can only be had from axios. One process often holds two copies, one for
 * `import` and one for `require`, and an adapter of the wrong one throws errors that fail `instanceof AxiosError`. What
 * tells them apart is the class of the config's headers. Where it is loaded from, the stack of the first request says.
 *
 * Nothing here is imported statically, so that this entry point loads without axios, and so that its CommonJS users
 * don't load the ESM copy beside their own.
 */

import type { NodeSide } from './node-side.ts';
import type { AxiosStatics } from './types.ts';

/** By the class of its headers; `undefined` as a value: searched for, not found. */
const copies = new Map<unknown, AxiosStatics | undefined>();

/** Has the copy with this class of headers been searched for? */
export function isKnown(headersClass: unknown): boolean {
  return copies.has(headersClass);
}

/** The copy that {@link findCopy} has found. */
export function copyOf(headersClass: unknown): AxiosStatics | undefined {
  return copies.get(headersClass);
}

/**
 * Searches for the copy with this class of headers, and remembers it. Call it from an adapter, synchronously: the copy
 * that calls the adapter is on the stack, wherever it is installed. Better another copy than none.
 */
export async function findCopy(headersClass: unknown, side: NodeSide | undefined): Promise<void> {
  const caller = callingCopy();
  const found = side?.requiredCopy(headersClass) ?? (await importedCopy(caller, headersClass)) ?? (await ownCopy());
  copies.set(headersClass, found);
}

/** As it stands in axios's package, and as axios bundles itself. */
const CALLER =
  /((?:file:|\/)\S*?)(?:\/lib\/core\/dispatchRequest\.js|(\/dist\/(?:esm|node|browser)\/axios\.\w+)):\d+:\d+/;
/** Adapter, interceptors of others, wrappers: axios is never far. */
const FRAMES = 50;

/** Where the copy of axios is that has called us; `undefined` where that cannot be told, as in most bundles. */
function callingCopy(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error('axios');
  Error.stackTraceLimit = stackTraceLimit;
  const [, folder, file = '/index.js'] = CALLER.exec(String(stack)) ?? [];
  return folder === undefined ? undefined : folder + file;
}

async function importedCopy(from: string | undefined, headersClass: unknown): Promise<AxiosStatics | undefined> {
  if (from === undefined) return undefined;
  try {
    // Bundlers leave this one alone: it says what is loaded already.
    const { default: axios } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ from)) as {
      default: AxiosStatics;
    };
    return axios.AxiosHeaders === headersClass ? axios : undefined;
  } catch {
    return undefined;
  }
}

async function ownCopy(): Promise<AxiosStatics | undefined> {
  try {
    const { default: axios } = await import('axios');
    return axios as unknown as AxiosStatics;
  } catch {
    return undefined;
  }
}
