import type { NodePoolSpec } from '../../../scenario/platform.types.js';
import { TARGET } from '../families/application.js';
import { KUBE_NODES } from '../families/kube-state.js';
import { NODES } from '../families/nodes.js';
import { type BlockTemplate, buildBlock } from './block-template.js';
import { CONDITION_STATES } from './kube-blocks.js';

export const CPU_MODES = ['idle', 'iowait', 'irq', 'nice', 'softirq', 'steal', 'system', 'user'] as const;
export const NODE_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

export interface NodeOffsets {
  /** `up` of node_exporter, then of the kubelet's cAdvisor. */
  readonly up: number;
  /** By CPU, then mode. */
  readonly cpu: number;
  readonly cpus: number;
  /** The others of `NODES`, in its order, without the CPU's. */
  readonly rest: number;
  /** Information, labels and created. */
  readonly info: number;
  /** By condition, then state. */
  readonly conditions: number;
  readonly unschedulable: number;
  /** Allocatable cores, bytes and pods, then capacity alike. */
  readonly resources: number;
}

export function nodeBlock(pool: NodePoolSpec): { readonly block: BlockTemplate; readonly offsets: NodeOffsets } {
  const { series, add } = buildBlock();
  const cpus = Math.max(1, Math.ceil(pool.cpu));
  const up = add('exporter', TARGET.up);
  add('kubelet', TARGET.up);
  const cpu = series.length;
  for (let i = 0; i < cpus; i++) for (const mode of CPU_MODES) add('exporter', NODES.cpu, { cpu: String(i), mode });
  const rest = series.length;
  const disk = { device: '/dev/nvme0n1p1', fstype: 'ext4', mountpoint: '/' };
  const eth0 = { device: 'eth0' };
  for (const family of [NODES.load1, NODES.load5, NODES.load15, NODES.memoryTotal, NODES.memoryAvailable])
    add('exporter', family);
  for (const family of [NODES.diskSize, NODES.diskAvailable]) add('exporter', family, disk);
  for (const family of [NODES.received, NODES.transmitted]) add('exporter', family, eth0);
  for (const family of [NODES.clockOffset, NODES.synchronized, NODES.time, NODES.bootTime]) add('exporter', family);
  const info = add('kube-info', KUBE_NODES.info);
  add('kube-labels', KUBE_NODES.labels);
  add('kube-state-metrics', KUBE_NODES.created);
  const conditions = series.length;
  for (const condition of NODE_CONDITIONS)
    for (const status of CONDITION_STATES) add('kube-state-metrics', KUBE_NODES.condition, { condition, status });
  const unschedulable = add('kube-state-metrics', KUBE_NODES.unschedulable);
  const resources = series.length;
  for (const family of [KUBE_NODES.allocatable, KUBE_NODES.capacity])
    for (const [resource, unit] of [
      ['cpu', 'core'],
      ['memory', 'byte'],
      ['pods', 'integer'],
    ] as const)
      add('kube-state-metrics', family, { resource, unit });
  return { block: series, offsets: { up, cpu, cpus, rest, info, conditions, unschedulable, resources } };
}
