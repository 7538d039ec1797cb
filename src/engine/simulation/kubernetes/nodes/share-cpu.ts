import type { PlatformContext } from '../platform-context.types.js';
import type { Node, Pod } from '../platform-state.types.js';
import { measureUsage, podCpu } from './usage.js';

/** Seconds between looks, and while a node is short of CPU. */
const INTERVAL = 15;
const CONTENDED_INTERVAL = 5;
/** A pod that uses this share of what it can have would use more if it could. */
const SATURATED = 0.9;
/** Shares are told apart in steps of a ninth (an eighth of an octave), so that alike pods stay in one cell. */
const STEPS_PER_OCTAVE = 8;
/** Weight of a pod without a request: `cpu.shares` is at least 2 of 1024. */
const MIN_WEIGHT = 2 / 1024;

/**
 * What each node's pods use, and, where together they want more than the node has, what each can have: the kernel's
 * fair scheduler gives CPU by weight of the requests, and what one does not want goes to the others (max-min fairness).
 */
export function shareCpu(context: PlatformContext): void {
  const { control, platform, step } = context;
  if (step % (control.contended ? CONTENDED_INTERVAL : INTERVAL) !== 0 || step === 0) return;
  measureUsage(context, control.shares);
  for (const node of platform.nodes) if (node) node.usedCpu = 0;
  for (const pod of platform.pods) {
    if (pod && pod.node >= 0) platform.nodes[pod.node]!.usedCpu += podCpu(context, pod, control.shares);
  }
  control.contended = false;
  for (const node of platform.nodes) if (node) shareNode(context, node);
}

function shareNode(context: PlatformContext, node: Node): void {
  const { control, fleet, platform } = context;
  const { cpu } = fleet.clusters[node.cluster]!.pools[node.pool]!;
  const memory = control.nodes[node.slot]!;
  const tight = node.usedCpu + node.stolenCpu >= SATURATED * cpu;
  const short = memory.limits + node.stolenCpu > cpu && (tight || node.stolenCpu > 0 || memory.constrained);
  if (!short && !memory.constrained) return;
  const pods = platform.pods.filter((pod) => pod?.node === node.slot && pod.phase === 'Running') as Pod[];
  const usable = cpu - node.stolenCpu;
  const shares = short ? fairShares(context, pods, usable) : null;
  memory.constrained = shares !== null;
  if (shares || node.stolenCpu > 0) control.contended = true;
  const otherwise = node.stolenCpu > 0 ? usable : Infinity;
  for (const [i, pod] of pods.entries()) giveCores(context, pod, shares ? shares[i]! : otherwise);
}

/** Null: there is enough for all. Who wants less than the others' level could have more, and is not held back. */
function fairShares(context: PlatformContext, pods: readonly Pod[], usable: number): readonly number[] | null {
  const { control, fleet } = context;
  const wants = pods.map((pod) => {
    const { resources } = fleet.deployments[pod.deployment]!.spec;
    const used = podCpu(context, pod, control.shares);
    const most = Math.min(resources.cpuLimit, usable);
    const saturated = used >= SATURATED * Math.min(most, control.pods[pod.slot]!.cores);
    return { demand: saturated ? most : used, weight: Math.max(MIN_WEIGHT, resources.cpuRequest) };
  });
  if (wants.reduce((sum, { demand }) => sum + demand, 0) <= usable) return null;
  const level = waterLevel(wants, usable);
  return wants.map(({ demand, weight }) => (demand < weight * level ? usable : weight * level));
}

/** The level at which the sum of min(demand, weight x level) is what there is. */
function waterLevel(wants: readonly { readonly demand: number; readonly weight: number }[], usable: number): number {
  const order = [...wants].sort((a, b) => a.demand / a.weight - b.demand / b.weight);
  let left = usable;
  let weights = order.reduce((sum, { weight }) => sum + weight, 0);
  for (const { demand, weight } of order) {
    if (demand / weight >= left / weights) break;
    left -= demand;
    weights -= weight;
  }
  return left / weights;
}

function giveCores({ control }: PlatformContext, pod: Pod, cores: number): void {
  const memory = control.pods[pod.slot]!;
  const given = Number.isFinite(cores)
    ? 2 ** (Math.round(Math.log2(cores) * STEPS_PER_OCTAVE) / STEPS_PER_OCTAVE)
    : cores;
  if (memory.cores === given) return;
  memory.cores = given;
  control.deployments[pod.deployment]!.needsCells = true;
}
