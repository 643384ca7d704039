/** got reports each attempt's upload from 0. */

import { onward } from '../web/progress.ts';
import type { GotOptions } from './options.ts';

type Listener = (...values: never[]) => void;
type Subscribe = (this: unknown, event: string, listener: Listener) => unknown;

/** The promise of a call, as got extends it. */
interface Call {
  on?: Subscribe;
  off?: Subscribe;
}

/** Lets listeners for `uploadProgress` hear of an upload once, however often it is sent. */
export function reportOnward({ method, isStream }: GotOptions, result: unknown): void {
  if (isStream || method === 'GET' || method === 'HEAD') return;
  const call = (result ?? {}) as Call;
  const { on, off } = call;
  if (on === undefined || off === undefined) return;
  const heard = new Map<Listener, Listener>();
  call.on = function (event, listener) {
    if (event !== 'uploadProgress') return on.call(this, event, listener);
    const passing = onward<never>(listener, ({ transferred }: { readonly transferred: number }) => transferred);
    heard.set(listener, passing);
    return on.call(this, event, passing);
  };
  call.off = function (event, listener) {
    return off.call(this, event, (event === 'uploadProgress' && heard.get(listener)) || listener);
  };
}
