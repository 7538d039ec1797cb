import type { EpochMs } from '../../../kernel/clock.js';
import { binaryQuantity, decimalQuantity } from '../quantity/format.js';
import type { HpaControllerSettings } from './controller-settings.js';
import type { HpaObservation, ObservedScale } from './hpa-observation.types.js';
import type { MetricStatus, MetricValueStatus } from './hpa-status.types.js';
import type { MetricSpec, MetricTarget } from './hpa.types.js';
import { MetricFailure } from './metric-failure.js';
import { selectorText } from './metric-texts.js';
import { customPodMetrics, resourceMetrics } from './pod-metrics.js';
import { averageUsageReplicas, utilizationReplicas, type PodCalculationInput } from './replica-calculator.js';
import type { Tolerances } from './tolerances.js';
import { averageValueReplicas, externalUsage, objectUsage, valueReplicas } from './value-replicas.js';

export interface MetricContext {
  readonly namespace: string;
  readonly scale: ObservedScale;
  readonly observation: HpaObservation;
  readonly tolerances: Tolerances;
  readonly settings: HpaControllerSettings;
  readonly now: EpochMs;
}

export interface MetricProposal {
  readonly replicas: number;
  readonly status: MetricStatus;
}

/**
 * Replicas that one metric asks for, and its status. Source: kubernetes horizontal.go, computeStatusFor*.
 * @param index the metric's position in `spec.metrics`, where the observation has its reading.
 * @throws {MetricFailure} when the metric cannot be read or its target is incomplete.
 */
export function computeMetric(metric: MetricSpec, index: number, context: MetricContext): MetricProposal {
  switch (metric.type) {
    case 'Resource': {
      const { name, target } = metric.resource;
      const { replicas, current } = computeResource(name, null, target, context);
      return { replicas, status: { type: 'Resource', resource: { name, current } } };
    }
    case 'ContainerResource': {
      const { name, container, target } = metric.containerResource;
      const { replicas, current } = computeResource(name, container, target, context);
      return { replicas, status: { type: 'ContainerResource', containerResource: { name, container, current } } };
    }
    case 'Pods':
      return computePods(metric.pods, index, context);
    case 'Object':
      return computeObject(metric.object, index, context);
    case 'External':
      return computeExternal(metric.external, index, context);
    default:
      throw new MetricFailure(`unknown metric source type "${(metric as { type: string }).type}"`);
  }
}

function computeResource(
  resource: string,
  container: string | null,
  target: MetricTarget,
  context: MetricContext,
): { readonly replicas: number; readonly current: MetricValueStatus } {
  const quantity = resource === 'memory' ? binaryQuantity : decimalQuantity;
  const what = target.averageValue ? 'usage' : 'utilization';
  if (!target.averageValue && target.averageUtilization === undefined)
    throw new MetricFailure(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    );
  return explained(`failed to get ${resource} ${what}`, () => {
    const metrics = resourceMetrics(context.observation, resource, container);
    const input = podInput(context, metrics);
    if (target.averageValue) {
      const { replicas, usageMilli } = averageUsageReplicas(input, resource, target.averageValue.milli);
      return { replicas, current: { averageValue: quantity(usageMilli) } };
    }
    const proposal = utilizationReplicas(input, resource, container, target.averageUtilization!);
    const current = { averageUtilization: proposal.utilization, averageValue: quantity(proposal.averageMilli) };
    return { replicas: proposal.replicas, current };
  });
}

function computePods({ metric, target }: SpecOf<'Pods'>, index: number, context: MetricContext): MetricProposal {
  if (!target.averageValue) throw new MetricFailure('invalid pods metric source: no average value target was set');
  const metrics = customPodMetrics(context.observation.metrics?.[index], metric.name);
  const { replicas, usageMilli } = averageUsageReplicas(podInput(context, metrics), null, target.averageValue.milli);
  const current = { averageValue: decimalQuantity(usageMilli) };
  return { replicas, status: { type: 'Pods', pods: { metric, current } } };
}

function computeObject(spec: SpecOf<'Object'>, index: number, context: MetricContext): MetricProposal {
  const { describedObject, metric, target } = spec;
  const object = `${describedObject.kind} ${context.namespace}/${describedObject.name}`;
  const { scale, observation, tolerances } = context;
  const usage = (): number => objectUsage(observation.metrics?.[index], metric.name, object);
  if (target.type === 'Value' && target.value) {
    const { milli } = target.value;
    const { replicas, usageMilli } = valueReplicas(scale.specReplicas, usage(), milli, observation.pods, tolerances);
    const current = { value: decimalQuantity(usageMilli) };
    return { replicas, status: { type: 'Object', object: { describedObject, metric, current } } };
  }
  if (target.type === 'AverageValue' && target.averageValue) {
    const { milli } = target.averageValue;
    return explained(`failed to get ${metric.name} object metric`, () => {
      const { replicas, usageMilli } = averageValueReplicas(scale.statusReplicas, usage(), milli, tolerances);
      const current = { averageValue: decimalQuantity(usageMilli) };
      return { replicas, status: { type: 'Object', object: { describedObject, metric, current } } };
    });
  }
  throw new MetricFailure('invalid object metric source: neither a value target nor an average value target was set');
}

function computeExternal(
  { metric, target }: SpecOf<'External'>,
  index: number,
  context: MetricContext,
): MetricProposal {
  const { scale, observation, tolerances } = context;
  const name = `${context.namespace}/${metric.name}/${selectorText(metric.selector)}`;
  const usage = (): number => externalUsage(observation.metrics?.[index], name);
  if (target.averageValue) {
    const { milli } = target.averageValue;
    return explained(`failed to get ${metric.name} external metric`, () => {
      const { replicas, usageMilli } = averageValueReplicas(scale.statusReplicas, usage(), milli, tolerances);
      const current = { averageValue: decimalQuantity(usageMilli) };
      return { replicas, status: { type: 'External', external: { metric, current } } };
    });
  }
  if (target.value) {
    const { milli } = target.value;
    return explained(`failed to get external metric ${metric.name}`, () => {
      const { replicas, usageMilli } = valueReplicas(scale.specReplicas, usage(), milli, observation.pods, tolerances);
      const current = { value: decimalQuantity(usageMilli) };
      return { replicas, status: { type: 'External', external: { metric, current } } };
    });
  }
  throw new MetricFailure('invalid external metric source: neither a value target nor an average value target was set');
}

type SpecOf<T extends 'Pods' | 'Object' | 'External'> = T extends 'Pods'
  ? Extract<MetricSpec, { type: 'Pods' }>['pods']
  : T extends 'Object'
    ? Extract<MetricSpec, { type: 'Object' }>['object']
    : Extract<MetricSpec, { type: 'External' }>['external'];

function podInput(context: MetricContext, metrics: PodCalculationInput['metrics']): PodCalculationInput {
  const { scale, observation, tolerances, settings, now } = context;
  return { currentReplicas: scale.specReplicas, pods: observation.pods, metrics, tolerances, settings, now };
}

function explained<T>(what: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof MetricFailure) throw new MetricFailure(`${what}: ${error.message}`);
    throw error;
  }
}
