import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { SignalMark } from '../control-state.types.js';
import type { PlatformContext } from '../platform-context.types.js';

/** Seconds that rates and quantiles look back, as `[1m]` in a query. */
const WINDOW = 60;

/** Keeps the counters of the services that autoscalers ask about, as a Prometheus would have scraped them. */
export function markSignals(context: PlatformContext): void {
  const { control, plan, step } = context;
  for (const { deployment, observed } of plan.deployments) {
    if (!observed) continue;
    const marks = control.deployments[deployment.index]!.marks!;
    if (marks.at(-1)?.step !== step) marks.push(readMark(context, deployment.station));
    while (marks.length > 1 && marks[0]!.step < step - WINDOW) marks.shift();
  }
}

function readMark({ fleet, flows, step }: PlatformContext, station: number): SignalMark {
  const { durationBounds, operationStride } = fleet.network;
  const first = station * CELLS_PER_STATION * operationStride;
  const width = durationBounds.length + 1;
  const buckets = new Float64Array(width);
  let arrived = 0;
  let ok = 0;
  let failed = 0;
  for (let row = first; row < first + CELLS_PER_STATION * operationStride; row++) {
    arrived += flows!.arrived[row]!;
    ok += flows!.ok[row]!;
    failed +=
      flows!.failedOwn[row]! + flows!.failedDependency[row]! + flows!.failedTimeout[row]! + flows!.rejected[row]!;
    for (let i = 0; i < width; i++) buckets[i]! += flows!.durationBuckets[row * width + i]!;
  }
  return { step, arrived, finished: ok + failed, failed, buckets };
}
