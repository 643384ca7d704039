import type { AuthRequest, AuthResponse } from '../../src/lifecycle/contract.ts';
import { type HeaderPolicy, ObjectHeaders } from '../../src/lifecycle/headers.ts';

export interface FakeRequestOptions {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly policy?: HeaderPolicy;
}

/** A request as an adapter would show it to an authenticator. */
export function fakeRequest(options: FakeRequestOptions = {}): AuthRequest & { readonly headers: ObjectHeaders } {
  const url = new URL(options.url ?? 'https://api.example/things');
  const headers = new ObjectHeaders({ ...options.headers }, options.policy ?? 'overwrite');
  return { method: 'GET', origin: url.origin, replayable: true, url, headers };
}

/** A server's answer to it. */
export function fakeResponse(status: number, request: AuthRequest = fakeRequest()): AuthResponse {
  return { status, headers: new Headers(), request };
}
