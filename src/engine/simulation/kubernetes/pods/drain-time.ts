import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';

/** Mean response times after which less than a hundredth of (exponentially distributed) answers are open. */
const RESPONSE_TIMES = 5;

/**
 * Seconds until a pod has answered what is in it: five mean response times of its station, at most the grace period.
 * A station that holds requests and has never answered one takes all of the grace.
 */
export function drainSeconds({ fleet, flows }: PlatformContext, pod: Pod, grace: number): number {
  if (!flows || pod.cell < 0) return 0;
  const { operationStride } = fleet.network;
  const first = Math.floor(pod.cell / CELLS_PER_STATION) * CELLS_PER_STATION;
  let finished = 0;
  let seconds = 0;
  let held = 0;
  for (let row = first * operationStride; row < (first + CELLS_PER_STATION) * operationStride; row++) {
    finished += flows.ok[row]! + flows.failedOwn[row]! + flows.failedDependency[row]! + flows.failedTimeout[row]!;
    seconds += flows.durationSum[row]!;
    held += flows.inFlight[row]!;
  }
  if (held <= 0) return 0;
  return finished > 0 ? Math.min(grace, Math.ceil((RESPONSE_TIMES * seconds) / finished)) : grace;
}
