import type { Labels } from '../../../../kernel/time-series.js';
import type { FamilyDescriptor, SeriesDescriptor } from '../telemetry.types.js';

/** Who exposes a series, or about what: each has labels of its own (`job`, `instance`, `node`). */
export type TargetName =
  | 'application'
  | 'container'
  | 'sandbox'
  | 'kubelet'
  | 'kube-state-metrics'
  | 'kube-info'
  | 'kube-owner'
  | 'kube-labels'
  | 'exporter';

export type TargetLabels = Partial<Record<TargetName, Labels>>;

export interface SeriesTemplate {
  readonly family: FamilyDescriptor;
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  readonly target: TargetName;
  readonly labels: Labels;
}

/** Series that come and go together, at consecutive slots. */
export type BlockTemplate = readonly SeriesTemplate[];

/** A template under construction; what is added gets the next offset. */
export interface BlockBuilder {
  readonly series: SeriesTemplate[];
  add(target: TargetName, family: FamilyDescriptor, labels?: Labels, suffix?: SeriesTemplate['suffix']): number;
}

export function buildBlock(): BlockBuilder {
  const series: SeriesTemplate[] = [];
  const add: BlockBuilder['add'] = (target, family, labels = {}, suffix = '') =>
    series.push({ family, suffix, target, labels }) - 1;
  return { series, add };
}

/** Labels of the whole block: built once, when it appears. */
export function describeBlock(template: BlockTemplate, targets: TargetLabels): SeriesDescriptor[] {
  return template.map(({ family, suffix, target, labels }) => ({
    labels: withoutEmpty({ __name__: family.name + suffix, ...targets[target], ...labels }),
    family: family.name,
    metricType: family.type,
  }));
}

/** An empty label is no label in the Prometheus data model. */
function withoutEmpty(labels: Labels): Labels {
  for (const key in labels)
    if (labels[key] === '') return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return labels;
}
