/**
 * The wrappers around a client's own adapter, one of each authenticator. A config that is sent once more (by axios-retry,
 * by `axios(error.config)`) still has them: an authenticator takes its own off, wherever it stands, and leaves the
 * others in place.
 */

import type { AdapterChoice, AxiosAdapterFunction, AxiosCallConfig, AxiosReply } from './types.ts';

/** Sends a config with what is below. */
export type Dispatch = (config: AxiosCallConfig, inner: AdapterChoice) => Promise<AxiosReply>;

export interface Layer {
  /** Whose it is. */
  readonly owner: object;
  readonly inner: AdapterChoice;
  readonly dispatch: Dispatch;
  readonly adapter: AxiosAdapterFunction;
}

const layers = new WeakMap<AxiosAdapterFunction, Layer>();

export function addLayer(owner: object, inner: AdapterChoice, dispatch: Dispatch): Layer {
  const adapter: AxiosAdapterFunction = (config) => dispatch(config, inner);
  const layer = { owner, inner, dispatch, adapter };
  layers.set(adapter, layer);
  return layer;
}

/** The adapter without the layer of this owner. */
export function withoutLayer(adapter: AdapterChoice, owner: object): AdapterChoice {
  const layer = layerOf(adapter);
  if (layer === undefined) return adapter;
  const inner = withoutLayer(layer.inner, owner);
  if (layer.owner === owner) return inner;
  return inner === layer.inner ? adapter : addLayer(layer.owner, inner, layer.dispatch).adapter;
}

/** The client's own adapter, below all layers. */
export function innermost(adapter: AdapterChoice): AdapterChoice {
  const layer = layerOf(adapter);
  return layer === undefined ? adapter : innermost(layer.inner);
}

/** Do these choose the same? axios copies a list of adapters for every request. */
export function isSameChoice(left: AdapterChoice, right: AdapterChoice): boolean {
  if (left === right) return true;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((adapter, index) => adapter === right[index]);
}

function layerOf(adapter: AdapterChoice): Layer | undefined {
  return typeof adapter === 'function' ? layers.get(adapter) : undefined;
}
