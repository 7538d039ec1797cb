import { hostname } from 'node:os';

export interface TracingOptions {
  /** Base address of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** `api` or `worker`. */
  readonly process: string;
  /** 0 to 1. */
  readonly sampleRatio: number;
}

export interface Tracing {
  /** Sends what is still waiting, then stops. Call it last, after the application has closed. */
  stop(): Promise<void>;
}

const PROBES = /^\/(health\/|metrics(\?|$))/;
const FLUSH_DEADLINE_MS = 3_000;

/**
 * Spans of HTTP, Fastify and SQL, sent over OTLP/HTTP; spans of jobs come from `platform/queue` through
 * `@opentelemetry/api`. Must run before anything imports `fastify`, `pg` or `http` clients: they are CommonJS and are
 * instrumented as they load, without a loader hook. Everything here is imported only now, so that a process
 * without tracing pays nothing.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [api, sdk, exporters, resources, registry, http, pg, fastify] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/instrumentation'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-pg'),
    import('@fastify/otel'),
  ]);
  const exporter = new exporters.OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...options.headers },
  });
  const provider = new sdk.NodeTracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.serviceVersion,
      'service.instance.id': `${hostname()}-${process.pid}`,
      'dsim.process': options.process,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  provider.register();

  const unregister = registry.registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new http.HttpInstrumentation({ ignoreIncomingRequestHook: (request) => PROBES.test(request.url ?? '') }),
      // A statement outside a trace is a poll; each would begin a trace of its own.
      new pg.PgInstrumentation({ requireParentSpan: true }),
      new fastify.FastifyOtelInstrumentation({
        registerOnInitialization: true,
        // One span per request and one for its handler; a span per hook would only repeat our own plumbing.
        instrumentHooks: false,
        ignorePaths: ({ url }) => PROBES.test(url),
      }),
    ],
  });

  return {
    stop: async () => {
      unregister();
      // A collector that is away must not hold up the end of the process.
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_DEADLINE_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), deadline]);
      api.trace.disable();
      api.context.disable();
      api.propagation.disable();
    },
  };
}

/** `a=b,c=d`, values percent-encoded (OpenTelemetry specification, OTLP exporter configuration). */
export function parseOtlpHeaders(text: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of (text ?? '').split(',')) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    headers[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1).trim());
  }
  return headers;
}
