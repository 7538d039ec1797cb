import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { DeploymentState, Pod } from '../platform-state.types.js';
import { assignSlots } from './assign-slots.js';
import { groupPods, type CellGroup } from './cell-groups.js';

/**
 * Brings the cells of a deployment's station up to date with its pods. A pod that goes to another cell is a change of the
 * platform: who asks which pods a cell has may remember the answer until the next one.
 */
export function writeCells(context: PlatformContext, deployment: number): void {
  const { control, fleet, parameters, platform } = context;
  const { cells } = parameters;
  const first = fleet.deployments[deployment]!.station * CELLS_PER_STATION;
  control.deployments[deployment]!.needsCells = false;
  const { pods } = control.deployments[deployment]!;
  const before = pods.map((slot) => platform.pods[slot]!.cell);
  const groups = groupPods(context, servingPods(context, deployment));
  const slots = assignSlots(context, deployment, groups);
  const used = new Array<boolean>(CELLS_PER_STATION).fill(false);
  for (const [i, group] of groups.entries()) {
    const { slot, fresh } = slots[i]!;
    const cell = first + slot;
    used[slot] = true;
    if (fresh) cells.epoch[cell]! += 1;
    setServers(context, cell, group.pods.length);
    writeHealth(context, deployment, cell, group);
    for (const pod of group.pods) pod.cell = cell;
  }
  if (pods.some((slot, i) => platform.pods[slot]!.cell !== before[i])) platform.generation += 1;
  used.forEach((is, slot) => {
    if (!is) setServers(context, first + slot, 0);
  });
  writeWeights(context, deployment, first, groups, slots);
}

/**
 * Pods that take requests: running, ready and of a version that traffic goes to. Of consumers no more than there are
 * partitions; those that have one keep it. Where a canary or its counterpart has no ready pods, the others get all.
 */
function servingPods({ control, platform, plan }: PlatformContext, deployment: number): Pod[] {
  const { maxServing, progressive } = plan.deployments[deployment]!;
  const pods: Pod[] = [];
  for (const slot of control.deployments[deployment]!.pods) {
    const pod = platform.pods[slot]!;
    const serves = pod.ready && pod.deletedAt < 0 && control.pods[slot]!.stage === 'running';
    if (serves && (!progressive || shareOf(platform.deployments[deployment]!, pod.version) > 0)) pods.push(pod);
    else pod.cell = -1;
  }
  if (pods.length <= maxServing) return pods;
  const ranked = [...pods].sort((a, b) => Number(b.cell >= 0) - Number(a.cell >= 0) || a.createdAt - b.createdAt);
  for (const pod of ranked.slice(maxServing)) pod.cell = -1;
  return ranked.slice(0, maxServing);
}

function writeHealth(
  { fleet, parameters }: PlatformContext,
  deployment: number,
  cell: number,
  { health, version }: CellGroup,
): void {
  const { cells } = parameters;
  const { concurrency, consumes, queueLimit } = fleet.deployments[deployment]!.spec;
  cells.version[cell] = version;
  cells.workers[cell] = health.workers;
  cells.speed[cell] = health.speed;
  cells.errorRatio[cell] = health.errorRatio;
  cells.workFactor[cell] = health.workFactor;
  cells.slots[cell] = Math.max(1, Math.floor(concurrency));
  cells.queueLimit[cell] = consumes === null ? queueLimit : Infinity;
}

/** Share of the traffic that goes to a version under canary or blue-green. */
function shareOf({ canaryWeight, stable, updated }: DeploymentState, version: number): number {
  if (stable === updated) return version === stable ? 1 : 0;
  if (version === updated) return canaryWeight;
  return version === stable ? 1 - canaryWeight : 0;
}

/** Weights per server so that all servers of a version together get the version's share, however many they are. */
function writeWeights(
  { parameters, plan, platform }: PlatformContext,
  deployment: number,
  first: number,
  groups: readonly CellGroup[],
  slots: readonly { readonly slot: number }[],
): void {
  const { stable, updated } = platform.deployments[deployment]!;
  const split = plan.deployments[deployment]!.progressive && stable !== updated;
  const counts = new Map<number, number>();
  let total = 0;
  for (const { pods, version } of groups) {
    counts.set(version, (counts.get(version) ?? 0) + pods.length);
    total += pods.length;
  }
  for (const [i, { version }] of groups.entries()) {
    const share = shareOf(platform.deployments[deployment]!, version);
    const weight = split && counts.size > 1 ? (share * total) / counts.get(version)! : 1;
    parameters.cells.weight[first + slots[i]!.slot] = weight;
  }
}

/** Keeps account of server seconds, so that use per server is right when servers come and go. */
function setServers({ control, parameters, step }: PlatformContext, cell: number, servers: number): void {
  const before = parameters.cells.servers[cell]!;
  if (before === servers) return;
  control.serverSeconds[cell]! += before * (step - control.serversSince[cell]!);
  control.serversSince[cell] = step;
  parameters.cells.servers[cell] = servers;
}
