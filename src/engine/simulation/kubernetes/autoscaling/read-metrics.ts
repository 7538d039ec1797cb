import { metricsOf } from '../../../scaling/hpa/defaults.js';
import type { MetricReading, MetricsError } from '../../../scaling/hpa/hpa-observation.types.js';
import type { HorizontalPodAutoscaler, MetricSpec } from '../../../scaling/hpa/hpa.types.js';
import type { TriggerReading } from '../../../scaling/keda/scaled-object-state.types.js';
import { isExternal, type ScaledObject } from '../../../scaling/keda/scaled-object.types.js';
import { toMilliValue } from '../../../scaling/quantity/quantity.js';
import type { SignalBindings, SignalSpec } from '../../../scenario/scenario.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import { epochMs } from './observe-pods.js';
import { readSignal } from './read-signal.js';

/** Values of the Pods, Object and External metrics of an autoscaler, at their positions; null for resource metrics. */
export function readMetrics(
  context: PlatformContext,
  deployment: number,
  hpa: HorizontalPodAutoscaler,
  signals: SignalBindings,
): (MetricReading | null)[] {
  return metricsOf(hpa.spec).map((metric) => {
    const name = metricName(metric);
    if (name === null) return null;
    const signal = signals[name];
    if (!signal) return unbound(name);
    const value = readSignal(context, signal, context.fleet.deployments[deployment]!.cluster);
    if (value === null) return { type: 'error', message: `no samples of ${name}` };
    if (metric.type === 'Pods') return podsReading(context, deployment, signal, value);
    const milli = toMilliValue(value);
    return metric.type === 'Object' ? { type: 'Object', milli } : { type: 'External', milli: [milli] };
  });
}

/** Answers to the triggers of a ScaledObject, bound by query, URL, name of the metric or of the trigger. */
export function readTriggers(
  context: PlatformContext,
  deployment: number,
  { spec }: ScaledObject,
  signals: SignalBindings,
): (TriggerReading | null)[] {
  const { cluster } = context.fleet.deployments[deployment]!;
  return spec.triggers.map((trigger) => {
    if (!isExternal(trigger) || trigger.type === 'cron') return null;
    const signal = signals[trigger.source] ?? signals[trigger.metricName] ?? signals[trigger.name ?? ''];
    return signal ? { type: 'value', value: readSignal(context, signal, cluster) } : unbound(trigger.source);
  });
}

function metricName(metric: MetricSpec): string | null {
  switch (metric.type) {
    case 'Pods':
      return metric.pods.metric.name;
    case 'Object':
      return metric.object.metric.name;
    case 'External':
      return metric.external.metric.name;
    case 'Resource':
    case 'ContainerResource':
      return null;
  }
}

/**
 * Of every pod whose container runs. Rates and requests in flight are shared evenly by the ready ones; anything else is
 * the same for all.
 */
function podsReading(
  context: PlatformContext,
  deployment: number,
  { signal }: SignalSpec,
  value: number,
): MetricReading {
  const { control, platform, step } = context;
  const pods = control.deployments[deployment]!.pods.flatMap((slot) => {
    const { stage } = control.pods[slot]!;
    return stage === 'running' || stage === 'starting' ? [platform.pods[slot]!] : [];
  });
  const ready = pods.filter((pod) => pod.ready).length;
  const shared = signal !== 'latency-p99' && signal !== 'error-ratio' && signal !== 'constant';
  const total = signal === 'request-rate' || signal === 'consumer-lag';
  const each = total ? value / Math.max(1, ready) : value;
  const timestamp = epochMs(context, step);
  const values = pods.map((pod) => ({
    pod: pod.name,
    milli: toMilliValue(shared && !pod.ready ? 0 : each),
    timestamp,
  }));
  return { type: 'Pods', values };
}

function unbound(name: string): MetricsError {
  return { type: 'error', message: `the scenario binds no signal to "${name}"` };
}
