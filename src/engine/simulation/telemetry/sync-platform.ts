import type { Fleet } from '../model/fleet.types.js';
import type { Node, Pod } from '../kubernetes/platform-state.types.js';
import type { SimulationState } from '../simulation.types.js';
import { DEPLOYMENT_BLOCK, HPA_BLOCK, hpaMetricsBlock, REPLICA_SET_BLOCK } from './layout/kube-blocks.js';
import type { FleetLayout } from './layout/fleet-layout.js';
import {
  autoscalerTargets,
  deploymentTargets,
  nodeTargets,
  placementTargets,
  podTargets,
  replicaSetTargets,
} from './labels.js';
import { endBlock, type SeriesIndex, startBlock } from './series-index.js';
import { allocateBlock } from './slots.js';
import type { AutoscalerRecord, NodeRecord, PodRecord, TelemetryState } from './telemetry-state.js';

/** What a synchronization works on. */
export interface Sync {
  readonly fleet: Fleet;
  readonly layout: FleetLayout;
  readonly state: SimulationState;
  readonly telemetry: TelemetryState;
  readonly index: SeriesIndex;
}

/** Gives series to the pods, nodes and replica sets that came, and ends those of the ones that went. */
export function syncPlatform(sync: Sync): void {
  const { platform } = sync.state;
  for (let slot = 0; slot < platform.pods.length; slot++) syncPod(sync, slot, platform.pods[slot]!);
  for (let slot = 0; slot < platform.nodes.length; slot++) syncNode(sync, slot, platform.nodes[slot]!);
  for (let i = 0; i < sync.fleet.deployments.length; i++) syncDeployment(sync, i);
}

function syncPod(sync: Sync, slot: number, pod: Pod | null): void {
  const { telemetry, layout, state, index } = sync;
  const known = telemetry.pods[slot] ?? null;
  if (known !== null && known.uid !== pod?.uid) {
    const blocks = layout.deployments[known.deployment]!;
    endBlock(index, telemetry, known.stateBase, blocks.podState.length);
    endBlock(index, telemetry, known.base, (known.node === '' ? blocks.pending : blocks.placed).length);
    telemetry.pods[slot] = null;
  }
  if (pod === null) return;
  const nodeName = state.platform.nodes[pod.node]?.name ?? '';
  const record = telemetry.pods[slot] ?? addPod(sync, slot, pod, nodeName);
  // A pod whose node is gone keeps its name until the pod itself goes.
  const node = pod.node < 0 ? '' : nodeName === '' ? record.node : nodeName;
  if (node !== record.node) {
    const { pending, placed } = layout.deployments[pod.deployment]!;
    endBlock(index, telemetry, record.base, (record.node === '' ? pending : placed).length);
    record.node = node;
    record.base = allocateBlock(telemetry.slots, (node === '' ? pending : placed).length);
    startBlock(index, record.base, node === '' ? pending : placed, placementTargets(sync.fleet, record));
  }
}

function addPod({ fleet, telemetry, layout, state, index }: Sync, slot: number, pod: Pod, node: string): PodRecord {
  const { podState, pending, placed } = layout.deployments[pod.deployment]!;
  const placement = node === '' ? pending : placed;
  const version = state.platform.deployments[pod.deployment]!.versions[pod.version];
  const record: PodRecord = {
    slot,
    uid: pod.uid,
    name: pod.name,
    deployment: pod.deployment,
    version: version?.name ?? '',
    hash: version?.hash ?? '',
    instance: pod.instance,
    stateBase: allocateBlock(telemetry.slots, podState.length),
    base: allocateBlock(telemetry.slots, placement.length),
    node,
    startedAt: pod.startedAt,
    restarts: pod.restarts,
    cell: -1,
    epoch: 0,
    observed: false,
    up: false,
    addressed: false,
  };
  telemetry.pods[slot] = record;
  startBlock(index, record.stateBase, podState, podTargets(fleet, record));
  startBlock(index, record.base, placement, placementTargets(fleet, record));
  return record;
}

function syncNode({ fleet, telemetry, layout, state, index }: Sync, slot: number, node: Node | null): void {
  const known = telemetry.nodes[slot] ?? null;
  const present = node !== null && state.step >= node.readyAt ? node : null;
  if (known !== null && known.name !== present?.name) {
    endBlock(index, telemetry, known.base, layout.nodes[known.cluster]![known.pool]!.block.length);
    telemetry.nodes[slot] = null;
  }
  if (present === null || (telemetry.nodes[slot] ?? null) !== null) return;
  const { name, cluster, pool, zone } = present;
  const { block } = layout.nodes[cluster]![pool]!;
  const base = allocateBlock(telemetry.slots, block.length);
  const record: NodeRecord = { name, cluster, pool, zone, base };
  telemetry.nodes[slot] = record;
  startBlock(index, base, block, nodeTargets(fleet, record));
}

function syncDeployment({ fleet, telemetry, state, index }: Sync, deployment: number): void {
  const { versions } = state.platform.deployments[deployment]!;
  let record = telemetry.deployments[deployment];
  if (record === undefined) {
    record = { base: allocateBlock(telemetry.slots, DEPLOYMENT_BLOCK.length), replicaSets: [], autoscalers: [] };
    telemetry.deployments[deployment] = record;
    startBlock(index, record.base, DEPLOYMENT_BLOCK, deploymentTargets(fleet, deployment));
  }
  const { replicaSets } = record;
  for (let i = replicaSets.length - 1; i >= 0; i--) {
    if (versions.some(({ hash }) => hash === replicaSets[i]!.hash)) continue;
    endBlock(index, telemetry, replicaSets[i]!.base, REPLICA_SET_BLOCK.length);
    replicaSets.splice(i, 1);
  }
  for (const { hash } of versions) {
    if (replicaSets.some((each) => each.hash === hash)) continue;
    const added = { hash, base: allocateBlock(telemetry.slots, REPLICA_SET_BLOCK.length) };
    replicaSets.push(added);
    startBlock(index, added.base, REPLICA_SET_BLOCK, replicaSetTargets(fleet, deployment, hash));
  }
}

/** The metrics of an autoscaler are known only once it has looked: then its series are made anew. */
export function syncAutoscalers({ fleet, telemetry, state, index }: Sync): void {
  for (let i = 0; i < telemetry.deployments.length; i++) {
    const { autoscalers } = state.platform.deployments[i]!;
    const records = telemetry.deployments[i]!.autoscalers;
    for (let j = 0; j < autoscalers.length; j++) {
      const { name, currentMetrics } = autoscalers[j]!;
      const known = records[j];
      if (known !== undefined && sameMetrics(known, currentMetrics)) continue;
      const metrics = currentMetrics.map((metric) => ({ name: metric.name, unit: metric.unit }));
      const targets = autoscalerTargets(fleet, i, name);
      const block = hpaMetricsBlock(metrics);
      if (known !== undefined) endBlock(index, telemetry, known.metricsBase, hpaMetricsBlock(known.metrics).length);
      const record: AutoscalerRecord = {
        name,
        metrics,
        base: known?.base ?? allocateBlock(telemetry.slots, HPA_BLOCK.length),
        metricsBase: allocateBlock(telemetry.slots, block.length),
      };
      if (known === undefined) startBlock(index, record.base, HPA_BLOCK, targets);
      startBlock(index, record.metricsBase, block, targets);
      records[j] = record;
    }
  }
}

function sameMetrics(known: AutoscalerRecord, now: AutoscalerRecord['metrics']): boolean {
  if (known.metrics.length !== now.length) return false;
  for (let i = 0; i < now.length; i++)
    if (now[i]!.name !== known.metrics[i]!.name || now[i]!.unit !== known.metrics[i]!.unit) return false;
  return true;
}
