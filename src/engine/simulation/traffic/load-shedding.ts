import type { Network } from '../model/network.types.js';
import type { Flows } from '../model/flows.types.js';
import { CELLS_PER_STATION, type CellTable } from '../model/parameters.types.js';
import type { TrafficPlan } from './traffic-plan.js';
import type { TrafficState } from './traffic-state.types.js';

/** Seconds in which a queue above its target is worked off. */
const DRAIN_SECONDS = 5;

/** Part of the shedding that is given back each second while the queue is below its target. */
const RELAXATION = 0.05;

/** Some requests always pass, so that there is something to judge by. */
const MOST = 0.98;

export function createShedding({ shedding }: TrafficPlan): TrafficState['shedding'] {
  return { done: new Float64Array(shedding.length), arrived: new Float64Array(shedding.length) };
}

/**
 * Load shedding by queueing delay, the signal of CoDel (Nichols and Jacobson 2012; used for requests by Facebook, "Fail
 * at scale", ACM Queue 2015). The delay is the queue's length over its throughput (Little's law). Above the target as
 * much is refused as makes the rest what the station gets done, less what drains the surplus; below it, refusing fades.
 */
export function stepShedding(
  { shedding }: TrafficPlan,
  seen: TrafficState['shedding'],
  network: Network,
  flows: Flows,
  { shedRatio }: CellTable,
): void {
  for (let i = 0; i < shedding.length; i++) {
    const { station, target } = shedding[i]!;
    const first = station * CELLS_PER_STATION;
    let arrived = 0;
    let done = 0;
    let queued = 0;
    for (let cell = first; cell < first + CELLS_PER_STATION; cell++) queued += flows.queued[cell]!;
    const stride = network.operationStride;
    for (let row = first * stride; row < (first + CELLS_PER_STATION) * stride; row++) {
      const out = flows.rejected[row]! + flows.inFlight[row]!;
      arrived += flows.arrived[row]!;
      done += flows.arrived[row]! - out;
    }
    const rate = arrived - seen.arrived[i]!;
    const throughput = done - seen.done[i]!;
    seen.arrived[i] = arrived;
    seen.done[i] = done;
    const ratio = nextRatio(shedRatio[first]!, { rate, throughput, queued, target });
    if (ratio !== shedRatio[first]) shedRatio.fill(ratio, first, first + CELLS_PER_STATION);
  }
}

interface QueueReading {
  readonly rate: number;
  readonly throughput: number;
  readonly queued: number;
  /** Seconds. */
  readonly target: number;
}

function nextRatio(before: number, { rate, throughput, queued, target }: QueueReading): number {
  const surplus = queued - throughput * target;
  if (surplus <= 0 || rate <= 0) return before < 0.001 ? 0 : before * (1 - RELAXATION);
  const admitted = Math.max(0, throughput - surplus / DRAIN_SECONDS);
  return Math.min(MOST, Math.max(before * (1 - RELAXATION), 1 - admitted / rate));
}
