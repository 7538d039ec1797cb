import type { EpochMs } from '../../../kernel/clock.js';
import type { HpaObservation, MetricReading, PodResourceMetrics } from './hpa-observation.types.js';
import { MetricFailure } from './metric-failure.js';

export interface PodMetric {
  readonly milli: number;
  readonly timestamp: EpochMs;
  readonly windowMs: number;
}

/** Per pod name. Copied by the calculator, never changed in place. */
export type PodMetrics = ReadonlyMap<string, PodMetric>;

/** Window of a custom metric that states none. Source: podautoscaler/metrics/client.go. */
const DEFAULT_WINDOW_MS = 60_000;

/**
 * Usage of a resource per pod: the containers' sum, or one container's. A pod of which a container says nothing about
 * the resource counts as missing. Source: podautoscaler/metrics/client.go, getPodMetrics and getContainerMetrics.
 * @throws {MetricFailure} when the resource metrics API gave nothing.
 */
export function resourceMetrics(observation: HpaObservation, resource: string, container: string | null): PodMetrics {
  const items = itemsOf(observation, resource);
  const result = new Map<string, PodMetric>();
  for (const item of items) {
    const milli = container === null ? sumOfContainers(item, resource) : usageOfContainer(item, resource, container);
    if (milli !== undefined) result.set(item.pod, { milli, timestamp: item.timestamp, windowMs: item.windowMs });
  }
  return result;
}

/** Values of a Pods metric. @throws {MetricFailure} when the custom metrics API gave nothing. */
export function customPodMetrics(reading: MetricReading | null | undefined, name: string): PodMetrics {
  const prefix = `unable to get metric ${name}: `;
  if (reading?.type === 'error')
    throw new MetricFailure(`${prefix}unable to fetch metrics from custom metrics API: ${reading.message}`);
  if (reading?.type !== 'Pods' || reading.values.length === 0)
    throw new MetricFailure(`${prefix}no metrics returned from custom metrics API`);
  const { values } = reading;
  return new Map(values.map(({ pod, milli, timestamp }) => [pod, { milli, timestamp, windowMs: DEFAULT_WINDOW_MS }]));
}

function itemsOf(observation: HpaObservation, resource: string): readonly PodResourceMetrics[] {
  const answer = observation.resourceMetrics;
  const prefix = `unable to get metrics for resource ${resource}: `;
  if (answer && 'type' in answer)
    throw new MetricFailure(`${prefix}unable to fetch metrics from resource metrics API: ${answer.message}`);
  if (!answer || answer.length === 0) throw new MetricFailure(`${prefix}no metrics returned from resource metrics API`);
  return answer;
}

function sumOfContainers(item: PodResourceMetrics, resource: string): number | undefined {
  if (item.containers.length === 0) return undefined;
  let sum = 0;
  for (const { usage } of item.containers) {
    const milli = usage[resource];
    if (milli === undefined) return undefined;
    sum += milli;
  }
  return sum;
}

function usageOfContainer(item: PodResourceMetrics, resource: string, container: string): number | undefined {
  return item.containers.find(({ name }) => name === container)?.usage[resource];
}
