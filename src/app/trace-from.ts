import type { Configuration } from '../platform/config/load-configuration.js';
import { observabilityConfig } from '../platform/observability/observability.config.js';
import type { ProcessLifecycle } from './process-lifecycle.js';

/** Starts tracing where a collector is configured; before anything that is to be traced has been imported. */
export async function traceFrom(
  configuration: Configuration,
  processName: string,
  version: string,
  lifecycle: ProcessLifecycle,
): Promise<void> {
  const { otlpEndpoint, otlpHeaders, serviceName, traceSampleRatio } = configuration.get(observabilityConfig);
  if (otlpEndpoint === undefined) return;
  const { parseOtlpHeaders, startTracing } = await import('../platform/observability/tracing.js');
  const tracing = await startTracing({
    endpoint: otlpEndpoint,
    headers: parseOtlpHeaders(otlpHeaders),
    serviceName,
    serviceVersion: version,
    process: processName,
    sampleRatio: traceSampleRatio,
  });
  lifecycle.started({ name: 'Tracing', stop: () => tracing.stop() });
}
