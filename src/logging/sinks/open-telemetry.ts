import { type CredentialFilter, credentialFilter } from '../credential-filter.ts';

/** A span processor, as `@opentelemetry/sdk-trace-base` has them. */
export interface SpanProcessorLike {
  onStart(span: unknown, context: unknown): void;
  onEnding?(span: unknown): void;
  onEnd(span: unknown): void;
  forceFlush(): Promise<void>;
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
  return {
    onStart: (span, context) => processor.onStart(span, context),
    onEnding: (span) => processor.onEnding?.(span),
    onEnd: (span) => processor.onEnd(maskSpan(span as object, filter)),
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** The span as it is, but for what may hold a secret; computed once, because exporters read it over and over. */
function maskSpan(span: object, filter: CredentialFilter): object {
  const masked = new Map<string | symbol, unknown>();
  for (const name of ['name', 'attributes', 'status']) masked.set(name, filter.maskObject(Reflect.get(span, name)));
  for (const name of ['events', 'links']) {
    const items: unknown = Reflect.get(span, name);
    if (Array.isArray(items)) masked.set(name, items.map(maskItem));
  }
  function maskItem(item: object): unknown {
    const texts = Object.entries(item).filter(([key]) => key === 'name' || key === 'attributes');
    return { ...item, ...(filter.maskObject(Object.fromEntries(texts)) as object) };
  }
  return new Proxy(span, {
    get(target, name) {
      if (masked.has(name)) return masked.get(name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
