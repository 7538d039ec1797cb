import type { Pod } from '../../kubernetes/platform-state.types.js';
import { baseMemoryOf } from '../../kubernetes/pods/base-memory.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PodRecord } from '../telemetry-state.js';
import { hashNoise } from './hash-noise.js';
import { isReachable } from './reachable.js';
import { BYTES_IN, BYTES_OUT } from './request-bytes.js';
import type { ScrapeContext } from './scrape-context.js';
import { CFS_PERIOD, throttledShare } from './throttled-share.js';

/** Share of the working set that is anonymous memory. */
const RSS_SHARE = 0.93;

/** A container that was started again counts from 0, and what waited in the pod is gone. */
export function resetPods({ state, telemetry, layout, totals }: ScrapeContext): void {
  for (let slot = 0; slot < telemetry.pods.length; slot++) {
    const record = telemetry.pods[slot];
    if (!record || record.node === '') continue;
    const pod = state.platform.pods[slot]!;
    const blocks = layout.deployments[record.deployment]!;
    const first = record.base + blocks.application.up;
    if (pod.startedAt !== record.startedAt || pod.restarts !== record.restarts)
      totals.fill(0, first, record.base + blocks.placed.length);
    record.startedAt = pod.startedAt;
    record.restarts = pod.restarts;
    for (const { inFlight } of blocks.application.operations) totals[record.base + inFlight] = 0;
  }
}

/** What each cell did since the last scrape, per pod of it. */
interface CellShares {
  readonly cpu: Float64Array;
  readonly saturated: Float64Array;
  readonly requests: Float64Array;
}

/** `up`, the process and the container of every pod that has a node. */
export function scrapePods(context: ScrapeContext): void {
  const { state, telemetry, members } = context;
  const shares = shareOut(context);
  for (let slot = 0; slot < telemetry.pods.length; slot++) {
    const record = telemetry.pods[slot];
    if (!record || record.node === '') continue;
    const pod = state.platform.pods[slot]!;
    scrapePod(context, record, pod, shares, members.cellOf[slot]!);
  }
}

function shareOut({ fleet, state, telemetry, members }: ScrapeContext): CellShares {
  const { flows } = state;
  const { issued } = telemetry;
  const { operationStride } = fleet.network;
  const cells = members.offset.length - 1;
  const shares = {
    cpu: new Float64Array(cells),
    saturated: new Float64Array(cells),
    requests: new Float64Array(cells),
  };
  for (const { station } of fleet.deployments) {
    for (let cell = station * CELLS_PER_STATION; cell < (station + 1) * CELLS_PER_STATION; cell++) {
      const count = Math.max(1, members.offset[cell + 1]! - members.offset[cell]!);
      let arrived = 0;
      for (let row = cell * operationStride; row < (cell + 1) * operationStride; row++) arrived += flows.arrived[row]!;
      shares.cpu[cell] = (flows.cpuSeconds[cell]! - issued.cpuSeconds[cell]!) / count;
      shares.saturated[cell] = (flows.saturatedSeconds[cell]! - issued.saturatedSeconds[cell]!) / count;
      shares.requests[cell] = (arrived - issued.arrived[cell]!) / count;
      issued.cpuSeconds[cell] = flows.cpuSeconds[cell]!;
      issued.saturatedSeconds[cell] = flows.saturatedSeconds[cell]!;
      issued.arrived[cell] = arrived;
    }
  }
  return shares;
}

/** @param cell that the pod counts for; -1: none */
function scrapePod(context: ScrapeContext, record: PodRecord, pod: Pod, shares: CellShares, cell: number): void {
  const { totals, elapsed, fleet, telemetry, layout, now } = context;
  const { spec } = fleet.deployments[record.deployment]!;
  const { application, container } = layout.deployments[record.deployment]!;
  const running = pod.phase === 'Running' && pod.waiting === null;
  record.observed = running && isReachable(context.state, pod);
  // The kubelet tells the address after the first sync, which waits for the image; one that failed has given it back.
  record.addressed = pod.phase !== 'Failed' && (pod.startedAt >= 0 || pod.waiting !== 'ContainerCreating');
  // The port opens when the first readiness probe can succeed.
  record.up = record.observed && (pod.ready || now >= pod.startedAt + spec.startup.start);
  const at = record.base;
  totals[at + application.up] = record.up ? 1 : 0;
  if (!record.observed) return;
  const lived = Math.max(0, Math.min(elapsed, now - pod.startedAt));
  const noise = 1 + 0.02 * hashNoise(telemetry.seed, record.slot, now);
  // Solvers count CPU of the first version; what a version uses beyond it is the platform's knowledge.
  const factor = context.state.platform.deployments[record.deployment]!.versions[pod.version]?.effects.cpuFactor ?? 1;
  const own = (cell < 0 ? 0 : shares.cpu[cell]! * noise * factor) + spec.idleCpu * lived;
  // The limit is the container's: a stress process gets what the application leaves of it.
  const wanted = (pod.stressCpu ?? 0) * lived;
  const stress = wanted > 0 ? Math.max(0, Math.min(wanted, spec.resources.cpuLimit * lived - own)) : 0;
  const all = own + stress;
  totals[at + application.cpu]! += own;
  totals[at + application.startTime] = fleet.scenario.start / 1000 + pod.startedAt;
  totals[at + container.cpu]! += all;
  const requests = cell < 0 ? 0 : shares.requests[cell]!;
  totals[at + container.network] = totals[at + container.network]! + Math.round(requests * BYTES_IN);
  totals[at + container.network + 1] = totals[at + container.network + 1]! + Math.round(requests * BYTES_OUT);
  scrapeMemory(context, record, pod);
  if (container.throttling >= 0) {
    const saturated = cell < 0 || lived === 0 ? 0 : Math.min(1, shares.saturated[cell]! / lived);
    const demand = { use: own / lived, rate: requests / lived, limit: spec.resources.cpuLimit, saturated };
    scrapeThrottling(context, record, cell, stress < wanted ? 1 : throttledShare(demand), lived);
  }
  context.nodes.cpu[pod.node]! += all;
  context.nodes.requests[pod.node]! += requests;
  context.nodes.memory[pod.node]! += totals[at + container.workingSet]!;
}

/**
 * Base, what requests hold, and what leaked: the sum by which the platform decides on an OOM kill, with noise of 1 %. No
 * container ever shows more than its limit: the kernel kills first.
 */
function scrapeMemory(context: ScrapeContext, record: PodRecord, pod: Pod): void {
  const { totals, fleet, layout, telemetry, now } = context;
  const { memory, resources } = fleet.deployments[record.deployment]!.spec;
  const { application, container } = layout.deployments[record.deployment]!;
  let inFlight = 0;
  for (const operation of application.operations) inFlight += totals[record.base + operation.inFlight]!;
  const noise = 1 + 0.01 * hashNoise(telemetry.seed ^ 0x6d656d, record.slot, now);
  const needed = Math.floor((baseMemoryOf(memory.base, pod) + memory.perRequest * inFlight) * noise + pod.leaked);
  const used = Math.min(needed, resources.memoryLimit);
  totals[record.base + application.residentMemory] = Math.floor(used * RSS_SHARE);
  totals[record.base + container.rss] = Math.floor(used * RSS_SHARE);
  totals[record.base + container.workingSet] = used;
  totals[record.base + container.memoryLimit] = Number.isFinite(resources.memoryLimit) ? resources.memoryLimit : 0;
  if (container.quota < 0) return;
  totals[record.base + container.quota] = Math.round(resources.cpuLimit * 100_000);
  totals[record.base + container.quota + 1] = 100_000;
}

/**
 * The kernel's bandwidth control: ten periods a second; throttled are those in which the application, or a stress
 * process beside it, wanted more than the quota, for the share of the period that it did not last.
 *
 * @param throttled share of the periods
 */
function scrapeThrottling(
  context: ScrapeContext,
  record: PodRecord,
  cell: number,
  throttled: number,
  lived: number,
): void {
  const { totals, layout, fleet, state, telemetry, now } = context;
  const { parallelism } = fleet.deployments[record.deployment]!.spec;
  const at = record.base + layout.deployments[record.deployment]!.container.throttling;
  const periods = Math.round(lived / CFS_PERIOD);
  totals[at]! += periods;
  if (cell < 0) return;
  const { workers, speed } = state.parameters.cells;
  const granted = workers[cell]! * speed[cell]!;
  if (granted >= parallelism) return;
  const dither = 0.5 * hashNoise(telemetry.seed ^ 0x637075, record.slot, now);
  totals[at + 1]! += Math.max(0, Math.min(periods, Math.round(throttled * periods + dither)));
  totals[at + 2]! += throttled * lived * (1 - granted / parallelism);
}
