import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import { BASE_MEMORY_SPREAD, baseMemoryOf } from './base-memory.js';
import { crashContainer } from './crash.js';

/** Scratch: bytes held by the requests of a server, by slot of the station. */
const held = new Float64Array(CELLS_PER_STATION);

/** Lets leaks grow by a second and kills what is above its limit. Deployments that cannot be are passed over. */
export function watchMemory(context: PlatformContext): void {
  const { control, plan } = context;
  for (let deployment = 0; deployment < control.deployments.length; deployment++) {
    const memory = control.deployments[deployment]!;
    if (memory.leaking) growLeaks(context, deployment);
    if (memory.maxLeaked > 0 || plan.deployments[deployment]!.memoryAtRisk) killTheFat(context, deployment);
  }
}

/**
 * Bytes per second by faults, and bytes per request by versions: a pod's part of the requests that its cell got in the
 * last second.
 */
function growLeaks({ control, fleet, flows, parameters, platform, step }: PlatformContext, deployment: number): void {
  const memory = control.deployments[deployment]!;
  const { versions } = platform.deployments[deployment]!;
  const { operationStride } = fleet.network;
  const first = fleet.deployments[deployment]!.station * CELLS_PER_STATION;
  const perServer = new Float64Array(CELLS_PER_STATION);
  for (let slot = 0; slot < CELLS_PER_STATION; slot++) {
    const cell = first + slot;
    let arrived = 0;
    for (let row = cell * operationStride; row < (cell + 1) * operationStride; row++) arrived += flows!.arrived[row]!;
    const since = memory.leakMeasuredAt === step - 1 ? arrived - control.arrivedBefore[cell]! : 0;
    perServer[slot] = since / Math.max(1, parameters.cells.servers[cell]!);
    control.arrivedBefore[cell] = arrived;
  }
  memory.leakMeasuredAt = step;
  for (const slot of memory.pods) {
    const pod = platform.pods[slot]!;
    const { effects, stage } = control.pods[slot]!;
    if (stage !== 'running' && stage !== 'starting') continue;
    const requests = pod.cell >= 0 ? perServer[pod.cell - first]! : 0;
    pod.leaked += effects.leak + versions[pod.version]!.effects.leakPerRequest * requests;
    if (pod.leaked > memory.maxLeaked) memory.maxLeaked = pod.leaked;
  }
}

/** The kernel kills a container whose memory is above its limit: base, what it leaked, and what its requests hold. */
function killTheFat(context: PlatformContext, deployment: number): void {
  const { control, fleet, flows, parameters, platform } = context;
  const { spec, station } = fleet.deployments[deployment]!;
  const { concurrency, consumes, memory: size, queueLimit, resources } = spec;
  const { operationStride } = fleet.network;
  const most = consumes === null ? concurrency + queueLimit : concurrency;
  const memory = control.deployments[deployment]!;
  let largest = 0;
  for (let slot = 0; slot < CELLS_PER_STATION; slot++) {
    const cell = station * CELLS_PER_STATION + slot;
    const servers = parameters.cells.servers[cell]!;
    held[slot] = 0;
    if (servers === 0) continue;
    let requests = 0;
    for (let row = cell * operationStride; row < (cell + 1) * operationStride; row++) requests += flows!.inFlight[row]!;
    held[slot] = size.perRequest * Math.min(most, requests / servers);
    largest = Math.max(largest, held[slot]!);
  }
  if (size.base * (1 + BASE_MEMORY_SPREAD) + largest + memory.maxLeaked <= resources.memoryLimit) return;
  memory.maxLeaked = 0;
  for (const slot of memory.pods) {
    const pod = platform.pods[slot]!;
    const { stage } = control.pods[slot]!;
    if (stage !== 'running' && stage !== 'starting') continue;
    const requests = pod.cell >= 0 ? held[pod.cell - station * CELLS_PER_STATION]! : 0;
    const used = baseMemoryOf(size.base, pod) + pod.leaked + requests;
    if (used > resources.memoryLimit) crashContainer(context, pod, 'OOMKilled');
    memory.maxLeaked = Math.max(memory.maxLeaked, pod.leaked);
  }
}
