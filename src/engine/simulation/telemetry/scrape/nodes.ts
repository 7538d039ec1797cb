import type { Node } from '../../kubernetes/platform-state.types.js';
import { MAX_PODS } from '../../kubernetes/scheduler/fits.js';
import { CONDITION_STATES } from '../layout/kube-blocks.js';
import { CPU_MODES, NODE_CONDITIONS, type NodeOffsets } from '../layout/node-block.js';
import type { NodeRecord } from '../telemetry-state.js';
import { hashNoise } from './hash-noise.js';
import { oneOf } from './kube-state.js';
import { isNodeReachable } from './reachable.js';
import { BYTES_IN, BYTES_OUT } from './request-bytes.js';
import type { ScrapeContext } from './scrape-context.js';

/** What the system itself takes: cores per core, bytes per byte. */
const SYSTEM_CPU = 0.015;
const SYSTEM_MEMORY = 0.05;
/** Of the CPU time of pods: what is spent in the kernel, and in its network interrupts. */
const KERNEL_SHARE = 0.15;
const INTERRUPT_SHARE = 0.02;

const [IDLE, IOWAIT, , , SOFTIRQ, STEAL, SYSTEM, USER] = CPU_MODES.map((_, i) => i);

/** node_exporter and kube-state-metrics about every node that has joined. */
export function scrapeNodes(context: ScrapeContext): void {
  const { telemetry, state, layout, totals } = context;
  for (let slot = 0; slot < telemetry.nodes.length; slot++) {
    const record = telemetry.nodes[slot];
    if (!record) continue;
    const node = state.platform.nodes[slot]!;
    const { offsets } = layout.nodes[record.cluster]![record.pool]!;
    const reachable = isNodeReachable(state, slot);
    totals[record.base + offsets.up] = reachable ? 1 : 0;
    totals[record.base + offsets.up + 1] = reachable ? 1 : 0;
    if (reachable) scrapeExporter(context, record, offsets, node);
    scrapeKubeState(context, record, offsets, node);
  }
}

function scrapeExporter(context: ScrapeContext, record: NodeRecord, offsets: NodeOffsets, node: Node): void {
  const { totals, elapsed, fleet, telemetry, now, nodes } = context;
  const pool = fleet.clusters[record.cluster]!.pools[record.pool]!;
  const { slot } = node;
  const lived = Math.max(0, Math.min(elapsed, now - node.readyAt));
  const busy = scrapeCpu(context, record, offsets, node, lived);
  const at = record.base + offsets.rest;
  [60, 300, 900].forEach((window, i) => {
    const kept = Math.exp(-elapsed / window);
    totals[at + i] = totals[at + i]! * kept + busy * (1 - kept);
  });
  const total = Math.floor(pool.memory * (1 + SYSTEM_MEMORY));
  totals[at + 3] = total;
  totals[at + 4] = Math.max(0, Math.floor(pool.memory - nodes.memory[slot]!));
  totals[at + 5] = pool.disk;
  totals[at + 6] = Math.max(0, Math.floor(pool.disk - node.diskUsed));
  totals[at + 7]! += Math.round(nodes.requests[slot]! * BYTES_IN + 500 * lived);
  totals[at + 8]! += Math.round(nodes.requests[slot]! * BYTES_OUT + 800 * lived);
  const jitter = 0.0001 * hashNoise(telemetry.seed ^ 0x6e7470, slot, now);
  totals[at + 9] = node.clockOffset + jitter;
  totals[at + 10] = Math.abs(node.clockOffset) < 1 ? 1 : 0;
  const epoch = fleet.scenario.start / 1000;
  totals[at + 11] = epoch + now + node.clockOffset + jitter;
  // Nodes of the start have been there for a month; others boot within their start-up time.
  totals[at + 12] = node.readyAt === 0 ? epoch - 30 * 86_400 : epoch + node.createdAt;
}

/** Spread evenly over the CPUs. Returns the cores in use. */
function scrapeCpu(
  { totals, nodes }: ScrapeContext,
  record: NodeRecord,
  { cpu, cpus }: NodeOffsets,
  node: Node,
  lived: number,
): number {
  const pods = nodes.cpu[node.slot]!;
  const capacity = cpus * lived;
  const steal = Math.min(capacity, node.stolenCpu * lived);
  const system = pods * KERNEL_SHARE + SYSTEM_CPU * capacity;
  const softirq = pods * INTERRUPT_SHARE;
  const user = pods * (1 - KERNEL_SHARE - INTERRUPT_SHARE);
  const iowait = 0.001 * capacity;
  const idle = Math.max(0, capacity - steal - system - softirq - user - iowait);
  for (let i = 0; i < cpus; i++) {
    const at = record.base + cpu + i * CPU_MODES.length;
    totals[at + IDLE!]! += idle / cpus;
    totals[at + IOWAIT!]! += iowait / cpus;
    totals[at + SOFTIRQ!]! += softirq / cpus;
    totals[at + STEAL!]! += steal / cpus;
    totals[at + SYSTEM!]! += system / cpus;
    totals[at + USER!]! += user / cpus;
  }
  return lived > 0 ? (user + system + softirq + steal) / lived : 0;
}

function scrapeKubeState(context: ScrapeContext, record: NodeRecord, offsets: NodeOffsets, node: Node): void {
  const { totals, fleet } = context;
  const pool = fleet.clusters[record.cluster]!.pools[record.pool]!;
  const at = record.base;
  const created = node.readyAt === 0 ? -30 * 86_400 : node.createdAt;
  [1, 1, fleet.scenario.start / 1000 + created].forEach((value, i) => (totals[at + offsets.info + i] = value));
  // The node controller sets all conditions of a node whose kubelet does not report to Unknown.
  const states = CONDITION_STATES.length;
  NODE_CONDITIONS.forEach((condition, i) => {
    const holds = condition === 'Ready' ? node.ready : condition === 'DiskPressure' && node.diskPressure === true;
    oneOf(totals, at + offsets.conditions + i * states, node.ready ? (holds ? 0 : 1) : 2, states);
  });
  totals[at + offsets.unschedulable] = node.unschedulable ? 1 : 0;
  const { cpu, memory } = pool;
  const resources = [cpu, memory, MAX_PODS, Math.ceil(cpu), memory * (1 + SYSTEM_MEMORY), MAX_PODS];
  resources.forEach((value, i) => (totals[at + offsets.resources + i] = Math.max(value, 0)));
}
