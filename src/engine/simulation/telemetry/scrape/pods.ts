import type { Pod } from '../../kubernetes/platform-state.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PodRecord } from '../telemetry-state.js';
import { hashNoise } from './hash-noise.js';
import { isReachable } from './reachable.js';
import type { ScrapeContext } from './scrape-context.js';

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

/** `up`, the process and the container of every pod that has a node. */
export function scrapePods(context: ScrapeContext): void {
  const { state, telemetry, fleet } = context;
  const { flows, platform } = state;
  const cells = fleet.network.stations.length * CELLS_PER_STATION;
  const cpu = new Float64Array(cells);
  const saturated = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const count = context.members.offset[cell + 1]! - context.members.offset[cell]!;
    if (count > 0) {
      cpu[cell] = (flows.cpuSeconds[cell]! - telemetry.issued.cpuSeconds[cell]!) / count;
      saturated[cell] = (flows.saturatedSeconds[cell]! - telemetry.issued.saturatedSeconds[cell]!) / count;
    }
    telemetry.issued.cpuSeconds[cell] = flows.cpuSeconds[cell]!;
    telemetry.issued.saturatedSeconds[cell] = flows.saturatedSeconds[cell]!;
  }
  for (let slot = 0; slot < telemetry.pods.length; slot++) {
    const record = telemetry.pods[slot];
    if (!record || record.node === '') continue;
    const pod = platform.pods[slot]!;
    const cell = context.members.cellOf[slot]!;
    scrapePod(context, record, pod, cell < 0 ? 0 : cpu[cell]!, cell < 0 ? 0 : saturated[cell]!);
  }
}

function scrapePod(context: ScrapeContext, record: PodRecord, pod: Pod, cpu: number, saturated: number): void {
  const { totals, elapsed, fleet, telemetry, layout, now } = context;
  const { spec } = fleet.deployments[record.deployment]!;
  const { application, container } = layout.deployments[record.deployment]!;
  record.running = pod.phase === 'Running' && pod.waiting === null;
  // The port opens when the first readiness probe can succeed.
  record.up = record.running && isReachable(context.state, pod) && now >= pod.startedAt + spec.startup.start;
  const at = record.base;
  totals[at + application.up] = record.up ? 1 : 0;
  if (!record.running) return;
  const noise = 1 + 0.02 * hashNoise(telemetry.seed, record.slot, now);
  const lived = Math.max(0, Math.min(elapsed, now - pod.startedAt));
  const own = cpu * noise + spec.idleCpu * lived;
  totals[at + application.cpu]! += own;
  totals[at + container.cpu]! += own + (pod.stressCpu ?? 0) * lived;
  scrapeMemory(context, record, pod);
  scrapeThrottling(context, record, pod, saturated, lived);
  totals[at + application.startTime] = fleet.scenario.start / 1000 + pod.startedAt;
}

/** Base, what requests hold, and what leaked: the same sum by which the platform decides on an OOM kill, with noise of 1 %. */
function scrapeMemory(context: ScrapeContext, record: PodRecord, pod: Pod): void {
  const { totals, fleet, layout, telemetry, now } = context;
  const { spec } = fleet.deployments[record.deployment]!;
  const blocks = layout.deployments[record.deployment]!;
  let inFlight = 0;
  for (const operation of blocks.application.operations) inFlight += totals[record.base + operation.inFlight]!;
  const noise = 1 + 0.01 * hashNoise(telemetry.seed ^ 0x6d656d, record.slot, now);
  const used = Math.floor((spec.memory.base + spec.memory.perRequest * inFlight) * noise + pod.leaked);
  totals[record.base + blocks.application.residentMemory] = used;
  totals[record.base + blocks.container.workingSet] = used;
  totals[record.base + blocks.container.rss] = Math.floor(used * 0.93);
  const { memoryLimit, cpuLimit } = spec.resources;
  totals[record.base + blocks.container.memoryLimit] = Number.isFinite(memoryLimit) ? memoryLimit : 0;
  if (blocks.container.quota < 0) return;
  totals[record.base + blocks.container.quota] = Math.round(cpuLimit * 100_000);
  totals[record.base + blocks.container.quota + 1] = 100_000;
}

/** The kernel's bandwidth control: ten periods a second, throttled in those in which the application wanted more than its quota. */
function scrapeThrottling(context: ScrapeContext, record: PodRecord, pod: Pod, saturated: number, lived: number): void {
  const { totals, layout, fleet, state, telemetry, now } = context;
  const { spec } = fleet.deployments[record.deployment]!;
  const { throttling } = layout.deployments[record.deployment]!.container;
  if (throttling < 0) return;
  const at = record.base + throttling;
  totals[at]! += Math.round(10 * lived);
  const cell = pod.cell;
  if (cell < 0) return;
  const { workers, speed } = state.parameters.cells;
  const wanted = spec.parallelism;
  const granted = workers[cell]! * speed[cell]!;
  if (granted >= wanted) return;
  const dither = 0.5 * hashNoise(telemetry.seed ^ 0x637075, record.slot, now);
  totals[at + 1]! += Math.max(0, Math.min(Math.round(10 * lived), Math.round(10 * saturated + dither)));
  totals[at + 2]! += Math.min(lived, saturated) * (1 - granted / wanted);
}
