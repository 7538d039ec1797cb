import type { Flows } from '../../../src/engine/simulation/model/flows.types.js';

const GAUGES: ReadonlySet<string> = new Set(['inFlight', 'busyWorkers', 'queued', 'poolInUse', 'userWaiting']);

/** What rounding may do: the share of a count, or as much of a request. */
const ROUNDING = 1e-6;

export class BrokenFlows extends Error {}

/**
 * Looks at flows after every step: all values are finite and not negative, counters never fall, and every request is
 * accounted for: per row arrived = ok + failed + rejected + in flight, per entry offered = ok + failed + waiting.
 *
 * @returns to be called after each step; throws `BrokenFlows`, which names the first value that is wrong
 */
export function watchFlows(flows: Flows): (where: string) => void {
  const before = new Map(Object.entries(flows).map(([name, values]) => [name, Float64Array.from(values)]));
  return (where) => {
    for (const [name, values] of Object.entries(flows) as [string, Float64Array][]) {
      const last = before.get(name)!;
      const falls = !GAUGES.has(name);
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        const allowed = ROUNDING * Math.max(1, last[i]!);
        if (!Number.isFinite(value) || value < -ROUNDING || (falls && value < last[i]! - allowed))
          throw new BrokenFlows(`${where}: ${name}[${i}] went from ${last[i]} to ${value}`);
      }
      last.set(values);
    }
    checkRows(flows, where);
    for (let entry = 0; entry < flows.userOffered.length; entry++) {
      const known = flows.userOk[entry]! + flows.userFailed[entry]! + flows.userWaiting[entry]!;
      same(known, flows.userOffered[entry]!, `${where}: users of entry ${entry}`);
    }
  };
}

function checkRows(flows: Flows, where: string): void {
  const buckets = flows.durationBuckets.length / flows.arrived.length;
  for (let row = 0; row < flows.arrived.length; row++) {
    if (flows.arrived[row] === 0 && flows.inFlight[row] === 0) continue;
    const ended = flows.ok[row]! + flows.failedOwn[row]! + flows.failedDependency[row]! + flows.failedTimeout[row]!;
    const known = ended + flows.rejected[row]! + flows.inFlight[row]!;
    same(known, flows.arrived[row]!, `${where}: requests of row ${row}`);
    let counted = 0;
    for (let i = row * buckets; i < (row + 1) * buckets; i++) counted += flows.durationBuckets[i]!;
    same(counted, ended, `${where}: durations of row ${row}`);
  }
}

function same(value: number, expected: number, where: string): void {
  if (!(Math.abs(value - expected) <= ROUNDING * Math.max(1, expected)))
    throw new BrokenFlows(`${where}: ${value} of ${expected}`);
}
