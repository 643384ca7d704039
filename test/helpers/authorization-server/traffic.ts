import { setTimeout as delay } from 'node:timers/promises';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { DEVICE_CODE } from './clients.ts';
import type { AuthorizationServerSettings } from './settings.ts';

/** One request that the server has answered. */
export interface ServedRequest {
  readonly path: string;
  readonly method: string;
  status?: number | undefined;
  grantType?: string | undefined;
  client?: string | undefined;
  /** RFC 6749 §5.2 `error`, where that was the answer. */
  error?: string | undefined;
  /** What was asked for, as it was sent. */
  scope?: string | undefined;
  claims?: string | undefined;
  /** How the client authenticated: the `Authorization` scheme, or `body`. */
  clientAuthentication?: string | undefined;
}

/** Remembers every request, so that a test can count token requests; delays and breaks them when told to. */
export class Traffic {
  readonly requests: ServedRequest[] = [];
  readonly #settings: AuthorizationServerSettings;
  readonly #lastPoll = new Map<unknown, number>();
  #gate: Promise<void> | undefined;

  constructor(settings: AuthorizationServerSettings) {
    this.#settings = settings;
  }

  /** How many requests had all these properties: `count({ grantType: 'refresh_token', status: 200 })`. */
  count(wanted: Partial<ServedRequest>): number {
    const entries = Object.entries(wanted) as [keyof ServedRequest, unknown][];
    return this.requests.filter((request) => entries.every(([name, value]) => request[name] === value)).length;
  }

  /** Holds every token request until the returned function is called. */
  hold(): () => void {
    let release = (): void => {};
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#gate = undefined;
      release();
    };
  }

  /** Koa middleware around the whole provider. */
  readonly middleware = async (context: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    const request: ServedRequest = { path: context.path, method: context.method };
    this.requests.push(request);
    if (context.path === '/token') await this.#slowDown();
    if ((await this.#settings.fault?.(context)) === true) {
      request.status = context.status;
      return;
    }
    await next();
    this.#teachDeviceFlow(context);
    Object.assign(request, summaryOf(context));
  };

  async #slowDown(): Promise<void> {
    await this.#gate;
    if (this.#settings.tokenDelayMs > 0) await delay(this.#settings.tokenDelayMs);
  }

  /** RFC 8628 §3.2 `interval` and §3.5 `slow_down`, which the library has neither of. */
  #teachDeviceFlow(context: KoaContextWithOIDC): void {
    const { deviceInterval } = this.#settings;
    const body = context.body as Record<string, unknown> | undefined;
    if (context.oidc?.route === 'device_authorization' && context.status === 200) {
      Object.assign(body ?? {}, { interval: deviceInterval });
    }
    if (context.oidc?.params?.grant_type !== DEVICE_CODE || body?.error !== 'authorization_pending') return;
    const code = context.oidc.params.device_code;
    const sinceLastMs = Date.now() - (this.#lastPoll.get(code) ?? 0);
    this.#lastPoll.set(code, Date.now());
    if (sinceLastMs < deviceInterval * 1000 - 50) context.body = { error: 'slow_down' };
  }
}

function summaryOf(context: KoaContextWithOIDC): Partial<ServedRequest> {
  const { oidc } = context;
  const { error } = (context.body ?? {}) as { error?: string };
  const scheme = context.get('authorization').split(' ')[0];
  return {
    status: context.status,
    grantType: oidc?.params?.grant_type as string | undefined,
    client: oidc?.client?.clientId,
    error,
    scope: oidc?.body?.scope as string | undefined,
    claims: oidc?.body?.claims as string | undefined,
    clientAuthentication: scheme || 'body',
  };
}
