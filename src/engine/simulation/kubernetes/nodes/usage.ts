import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { UsageMemory } from '../control-state.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { baseMemoryOf } from '../pods/base-memory.js';

/** Closes a window: cores that requests used per server of each cell since the last call. */
export function measureUsage(context: PlatformContext, usage: UsageMemory): void {
  const { control, fleet, flows, parameters, step } = context;
  for (const { station } of fleet.deployments) {
    const first = station * CELLS_PER_STATION;
    for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
      const present = parameters.cells.servers[cell]! * (step - control.serversSince[cell]!);
      const seconds = control.serverSeconds[cell]! + present;
      const used = flows!.cpuSeconds[cell]!;
      const window = seconds - usage.serverSeconds[cell]!;
      usage.cores[cell] = window > 0 ? (used - usage.cpuSeconds[cell]!) / window : NaN;
      usage.held[cell] = heldPerServer(context, cell);
      usage.serverSeconds[cell] = seconds;
      usage.cpuSeconds[cell] = used;
    }
  }
  usage.measuredAt = step;
}

function heldPerServer({ fleet, flows, parameters }: PlatformContext, cell: number): number {
  const { operationStride } = fleet.network;
  let held = 0;
  for (let row = cell * operationStride; row < (cell + 1) * operationStride; row++) held += flows!.inFlight[row]!;
  return held / Math.max(1, parameters.cells.servers[cell]!);
}

/** Cores that a pod used over the window: requests, idling and stress, at most its limit. 0 while it does not run. */
export function podCpu({ control, fleet, platform }: PlatformContext, pod: Pod, usage: UsageMemory): number {
  const { stage } = control.pods[pod.slot]!;
  if (stage !== 'running' && stage !== 'starting') return 0;
  const { idleCpu, resources } = fleet.deployments[pod.deployment]!.spec;
  const { cpuFactor } = platform.deployments[pod.deployment]!.versions[pod.version]!.effects;
  const requests = pod.cell >= 0 ? usage.cores[pod.cell]! : 0;
  const busy = Number.isNaN(requests) ? 0 : requests * cpuFactor;
  return Math.min(resources.cpuLimit, busy + idleCpu + (pod.stressCpu ?? 0));
}

/** Bytes of a pod's working set at the end of the window. */
export function podMemory({ fleet }: PlatformContext, pod: Pod, usage: UsageMemory): number {
  const { concurrency, consumes, memory, queueLimit, resources } = fleet.deployments[pod.deployment]!.spec;
  const most = consumes === null ? concurrency + queueLimit : concurrency;
  const held = pod.cell >= 0 ? Math.min(most, usage.held[pod.cell]!) : 0;
  return Math.min(resources.memoryLimit, baseMemoryOf(memory.base, pod) + pod.leaked + memory.perRequest * held);
}
