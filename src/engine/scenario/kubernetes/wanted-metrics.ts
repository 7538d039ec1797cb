import { isExternal } from '../../scaling/keda/scaled-object.types.js';
import type { Path } from '../text/tree.types.js';
import type { ReadAutoscaler } from './read-autoscaler.types.js';

/** A metric whose value the scenario must bind. */
export interface WantedMetric {
  /** Under which the simulation looks for it: name of the metric, query or URL. */
  readonly key: string;
  /** Other names under which the author may have bound it. */
  readonly aliases: readonly string[];
  readonly path: Path;
  /** A metric of the object that the simulated fleet cannot have at all. */
  readonly impossible?: string;
}

export function wantedMetrics(read: ReadAutoscaler, path: Path): WantedMetric[] {
  return read.kind === 'hpa' ? wantedByHpa(read.object, path) : wantedByScaledObject(read.object, path);
}

function wantedByHpa({ spec }: Extract<ReadAutoscaler, { kind: 'hpa' }>['object'], path: Path): WantedMetric[] {
  return (spec.metrics ?? []).flatMap((metric, index) => {
    const at: Path = [...path, 'spec', 'metrics', index];
    switch (metric.type) {
      case 'Resource':
        return resource(metric.resource.name, [...at, 'resource', 'name']);
      case 'ContainerResource':
        return resource(metric.containerResource.name, [...at, 'containerResource', 'name']);
      case 'Pods':
        return named(metric.pods.metric.name, [...at, 'pods', 'metric', 'name']);
      case 'Object':
        return named(metric.object.metric.name, [...at, 'object', 'metric', 'name']);
      case 'External':
        return named(metric.external.metric.name, [...at, 'external', 'metric', 'name']);
    }
  });
}

function resource(name: string, path: Path): WantedMetric[] {
  if (name === 'cpu' || name === 'memory') return [];
  return [{ key: name, aliases: [], path, impossible: `pods of the simulated fleet have cpu and memory, no ${name}` }];
}

function named(key: string, path: Path): WantedMetric[] {
  return [{ key, aliases: [], path }];
}

function wantedByScaledObject(
  { spec }: Extract<ReadAutoscaler, { kind: 'keda' }>['object'],
  path: Path,
): WantedMetric[] {
  return spec.triggers.flatMap((trigger, index) => {
    if (!isExternal(trigger) || trigger.type === 'cron') return [];
    const aliases = [trigger.metricName, ...(trigger.name === undefined ? [] : [trigger.name])];
    const field = trigger.type === 'prometheus' ? 'query' : 'url';
    return [{ key: trigger.source, aliases, path: [...path, 'spec', 'triggers', index, 'metadata', field] }];
  });
}
