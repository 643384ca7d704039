import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';

/** A span processor, as `@opentelemetry/sdk-trace-base` has them. */
export interface SpanProcessorLike {
  /** Called when a span starts. */
  onStart(span: unknown, context: unknown): void;
  /** Called right before a span ends, while its attributes can still be changed. */
  onEnding?(span: unknown): void;
  /** Called when a span has ended. */
  onEnd(span: unknown): void;
  /** Exports what is pending. */
  forceFlush(): Promise<void>;
  /** Exports what is pending and stops. */
  shutdown(): Promise<void>;
}

/**
 * Masks the spans that a processor of OpenTelemetry is given when they end: their names, attributes, events, links and
 * the message of their status. The spans themselves are left alone.
 *
 * @param filter - Default: the filter of the process.
 * @example
 * new NodeTracerProvider({ spanProcessors: [wrapSpanProcessor(new BatchSpanProcessor(exporter))] });
 */
export function wrapSpanProcessor(
  processor: SpanProcessorLike,
  filter: CredentialFilter = credentialFilter,
): SpanProcessorLike {
  /** Exporters group spans by the object that their resource is: one stands in for each. */
  const resources = new WeakMap<object, object>();

  /** The span as it is, but for what may hold a secret; computed once, because exporters read it over and over. */
  function maskSpan(span: object): object {
    const masked = new Map<string | symbol, unknown>();
    for (const name of ['name', 'attributes', 'status', 'instrumentationScope']) {
      masked.set(name, filter.maskObject(Reflect.get(span, name)));
    }
    for (const name of ['events', 'links']) {
      const items: unknown = Reflect.get(span, name);
      if (Array.isArray(items)) masked.set(name, items.map(maskItem));
    }
    const resource: unknown = Reflect.get(span, 'resource');
    if (typeof resource === 'object' && resource !== null) masked.set('resource', maskResource(resource));
    return standIn(span, (name, value) => (masked.has(name) ? masked.get(name) : value));
  }
  function maskItem({ name, attributes, ...rest }: { name?: unknown; attributes?: unknown }): unknown {
    return { ...rest, ...(filter.maskObject({ name, attributes }) as object) };
  }
  /** What describes the process, among other things with its command line. */
  function maskResource(resource: object): object {
    let masked = resources.get(resource);
    masked ??= standIn(resource, (name, value) => {
      if (typeof value !== 'function') return filter.maskObject(value);
      return name === 'getRawAttributes' ? () => filter.maskObject(value()) : value;
    });
    resources.set(resource, masked);
    return masked;
  }
  return {
    onStart: (span, context) => processor.onStart(span, context),
    onEnding: (span) => processor.onEnding?.(span),
    onEnd: (span) => processor.onEnd(maskSpan(span as object)),
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** Reads as `change` says, and does what the original does. Inspectors, which look through proxies, see no field of it. */
function standIn(original: object, change: (name: string | symbol, value: unknown) => unknown): object {
  const keys = Object.keys(original).map((key) => [key, undefined]);
  const shown = Object.setPrototypeOf(Object.fromEntries(keys), Object.getPrototypeOf(original));
  return new Proxy(shown, {
    get(_shown, name) {
      const value: unknown = Reflect.get(original, name);
      return change(name, typeof value === 'function' ? value.bind(original) : value);
    },
  });
}
