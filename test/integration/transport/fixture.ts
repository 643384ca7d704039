import { onTestFinished } from 'vitest';
import type { TransportOptions } from '../../../src/node/transport/options.ts';
import { createTransport, type Transport } from '../../../src/node/transport/transport.ts';
import {
  type RecordingProxy,
  type RecordingProxyOptions,
  startRecordingProxy,
} from '../../helpers/network/recording-proxy.ts';

/** A transport that ends with the test. */
export function testTransport(options: TransportOptions): Transport {
  const transport = createTransport(options);
  onTestFinished(() => transport.close());
  return transport;
}

/** A proxy that ends with the test. */
export async function testProxy(options: RecordingProxyOptions = {}): Promise<RecordingProxy> {
  const proxy = await startRecordingProxy(options);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** An error and all its causes, from the outside in. */
export function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at !== undefined && at !== null; at = (at as { cause?: unknown }).cause) causes.push(at);
  return causes;
}

/** What somebody throws. */
export async function thrownBy(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
