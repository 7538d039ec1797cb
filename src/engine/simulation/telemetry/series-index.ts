import type { Fleet } from '../model/fleet.types.js';
import type { BlockTemplate, TargetLabels } from './layout/block-template.js';
import { describeBlock } from './layout/block-template.js';
import { DEPLOYMENT_BLOCK, HPA_BLOCK, hpaMetricsBlock, REPLICA_SET_BLOCK } from './layout/kube-blocks.js';
import { type FleetLayout, layoutOf } from './layout/fleet-layout.js';
import {
  autoscalerTargets,
  deploymentTargets,
  nodeTargets,
  placementTargets,
  podTargets,
  probeTargets,
  replicaSetTargets,
  storeTargets,
} from './labels.js';
import { freeBlock } from './slots.js';
import type { TelemetryState } from './telemetry-state.js';
import type { SeriesDescriptor } from './telemetry.types.js';

/** Labels by slot: made from the records of the state, and made again when the state comes from a snapshot. */
export interface SeriesIndex {
  readonly fleet: Fleet;
  readonly layout: FleetLayout;
  readonly series: (SeriesDescriptor | null)[];
  /** Since the last frame. */
  started: number[];
  ended: number[];
  /** Of the last frame. */
  values: Float64Array;
}

const INDEXES = new WeakMap<TelemetryState, SeriesIndex>();

export function seriesIndexOf(fleet: Fleet, telemetry: TelemetryState): SeriesIndex {
  const known = INDEXES.get(telemetry);
  if (known !== undefined && known.fleet === fleet) return known;
  const index: SeriesIndex = {
    fleet,
    layout: layoutOf(fleet),
    series: [],
    started: [],
    ended: [],
    values: new Float64Array(0),
  };
  while (index.series.length < telemetry.slots.used) index.series.push(null);
  describeAll(index, telemetry);
  index.started = [];
  INDEXES.set(telemetry, index);
  return index;
}

export function startBlock(index: SeriesIndex, base: number, template: BlockTemplate, targets: TargetLabels): void {
  describeBlock(template, targets).forEach((descriptor, i) => {
    while (index.series.length < base + i) index.series.push(null);
    index.series[base + i] = descriptor;
    index.started.push(base + i);
  });
}

export function endBlock(index: SeriesIndex, telemetry: TelemetryState, base: number, size: number): void {
  for (let slot = base; slot < base + size; slot++) {
    index.series[slot] = null;
    index.ended.push(slot);
  }
  freeBlock(telemetry.slots, base, size);
}

function describeAll(index: SeriesIndex, telemetry: TelemetryState): void {
  const { fleet, layout } = index;
  const start = (base: number, template: BlockTemplate, targets: TargetLabels) =>
    startBlock(index, base, template, targets);
  for (const pod of telemetry.pods) {
    if (pod === null) continue;
    const blocks = layout.deployments[pod.deployment]!;
    start(pod.stateBase, blocks.podState, podTargets(fleet, pod));
    start(pod.base, pod.node === '' ? blocks.pending : blocks.placed, placementTargets(fleet, pod));
  }
  for (const node of telemetry.nodes)
    if (node !== null) start(node.base, layout.nodes[node.cluster]![node.pool]!.block, nodeTargets(fleet, node));
  telemetry.deployments.forEach((record, i) => {
    start(record.base, DEPLOYMENT_BLOCK, deploymentTargets(fleet, i));
    for (const each of record.replicaSets) start(each.base, REPLICA_SET_BLOCK, replicaSetTargets(fleet, i, each.hash));
    for (const each of record.autoscalers) {
      const targets = autoscalerTargets(fleet, i, each.name);
      start(each.base, HPA_BLOCK, targets);
      start(each.metricsBase, hpaMetricsBlock(each.metrics), targets);
    }
  });
  telemetry.stores.forEach((bases, component) =>
    bases.forEach((base, instance) => start(base, layout.stores[component]!, storeTargets(fleet, component, instance))),
  );
  telemetry.probes.forEach((base, entry) => start(base, layout.probe, probeTargets(fleet, entry)));
}
