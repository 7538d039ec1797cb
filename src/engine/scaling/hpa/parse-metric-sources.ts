import type { FieldReader } from '../validation/field-reader.js';
import type {
  ContainerResourceMetricSource,
  ExternalMetricSource,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
  ResourceMetricSource,
} from './hpa.types.js';
import { readMetricIdentifier, readTarget, type TargetRule } from './parse-metric-target.js';
import { readReference } from './parse-hpa-reference.js';

/** Targets that a source takes. Source: as `parseHorizontalPodAutoscaler`, validate*Source. */
const OF_REQUEST: TargetRule = {
  takes: ['averageUtilization', 'averageValue'],
  missing: ['averageUtilization', 'must set either a target raw value or a target utilization'],
  both: ['averageValue', 'may not set both a target raw value and a target utilization'],
};
const OF_PODS: TargetRule = {
  takes: ['averageValue'],
  missing: ['averageValue', 'must specify a positive target averageValue'],
};
const OF_OBJECT: TargetRule = {
  takes: ['value', 'averageValue'],
  missing: ['averageValue', 'must set either a target value or averageValue'],
};
const OF_EXTERNAL: TargetRule = {
  takes: ['value', 'averageValue'],
  missing: ['averageValue', 'must set either a target value for metric or a per-pod target'],
  both: ['value', 'may not set both a target value for metric and a per-pod target'],
};
const OLD_TARGETS = {
  targetAverageUtilization: 'autoscaling/v2 has target: {type: Utilization, averageUtilization: ...}',
  targetAverageValue: 'autoscaling/v2 has target: {type: AverageValue, averageValue: ...}',
  targetValue: 'autoscaling/v2 has target: {type: Value, value: ...}',
  metricName: 'autoscaling/v2 has metric: {name: ...}',
} as const;

export function readResource(fields: FieldReader, path: string, value: unknown): ResourceMetricSource | undefined {
  const raw = fields.object(path, value, ['name', 'target'], OLD_TARGETS) ?? {};
  const name = fields.name(`${path}.name`, raw.name, 'must specify a resource name');
  const target = readTarget(fields, `${path}.target`, raw.target, OF_REQUEST);
  return name && target ? { name, target } : undefined;
}

export function readContainerResource(
  fields: FieldReader,
  path: string,
  value: unknown,
): ContainerResourceMetricSource | undefined {
  const raw = fields.object(path, value, ['name', 'container', 'target'], OLD_TARGETS) ?? {};
  const name = fields.name(`${path}.name`, raw.name, 'must specify a resource name');
  const container = fields.name(`${path}.container`, raw.container, 'must specify a container');
  const target = readTarget(fields, `${path}.target`, raw.target, OF_REQUEST);
  return name && container && target ? { name, container, target } : undefined;
}

export function readPods(fields: FieldReader, path: string, value: unknown): PodsMetricSource | undefined {
  return readNamed(fields, path, value, OF_PODS);
}

export function readExternal(fields: FieldReader, path: string, value: unknown): ExternalMetricSource | undefined {
  return readNamed(fields, path, value, OF_EXTERNAL);
}

export function readObject(fields: FieldReader, path: string, value: unknown): ObjectMetricSource | undefined {
  const raw = fields.object(path, value, ['describedObject', 'metric', 'target'], OLD_TARGETS) ?? {};
  const describedObject = readReference(fields, `${path}.describedObject`, raw.describedObject);
  const metric = readMetricIdentifier(fields, `${path}.metric`, raw.metric);
  const target = readTarget(fields, `${path}.target`, raw.target, OF_OBJECT);
  return describedObject && metric && target ? { describedObject, metric, target } : undefined;
}

function readNamed(fields: FieldReader, path: string, value: unknown, rule: TargetRule): PodsMetricSource | undefined {
  const raw = fields.object(path, value, ['metric', 'target'], OLD_TARGETS) ?? {};
  const metric = readMetricIdentifier(fields, `${path}.metric`, raw.metric);
  const target: MetricTarget | undefined = readTarget(fields, `${path}.target`, raw.target, rule);
  return metric && target ? { metric, target } : undefined;
}
