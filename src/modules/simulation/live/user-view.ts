import { bucketQuantile } from '../../../engine/simulation/account/bucket-quantile.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';
import type { Labels } from '../../../kernel/time-series.js';

/** Counters of what users got, at the last scrape. Plain data: part of the snapshot. */
export interface UserCounters {
  readonly step: number;
  readonly ok: Float64Array;
  readonly failed: Float64Array;
  readonly buckets: Float64Array;
}

export interface UserSample {
  readonly labels: Labels;
  readonly value: number;
}

export function countUsers({ state: { step, flows } }: Simulation): UserCounters {
  return { step, ok: flows.userOk.slice(), failed: flows.userFailed.slice(), buckets: flows.userBuckets.slice() };
}

/**
 * What users saw between two scrapes, by entry point: no exporter has it, a recording rule or real-user monitoring would. NaN
 * where nobody asked.
 */
export function userSamples({ fleet }: Simulation, before: UserCounters, now: UserCounters): UserSample[] {
  const { userBounds } = fleet.network;
  const buckets = now.buckets.map((count, i) => count - before.buckets[i]!);
  return fleet.scenario.load.flatMap(({ name }, entry) => {
    const ok = now.ok[entry]! - before.ok[entry]!;
    const failed = now.failed[entry]! - before.failed[entry]!;
    const quantile = (q: number) => bucketQuantile(userBounds, buckets, entry * (userBounds.length + 1), q);
    const sample = (metric: string, value: number, more: Labels = {}): UserSample => ({
      labels: { __name__: `dsim_simulation_user_${metric}`, service: 'users', entry_point: name, ...more },
      value,
    });
    return [
      sample('requests_per_second', (ok + failed) / (now.step - before.step)),
      sample('error_ratio', countableRatio(failed / (ok + failed))),
      sample('latency_seconds', quantile(0.5), { quantile: '0.5' }),
      sample('latency_seconds', quantile(0.99), { quantile: '0.99' }),
    ];
  });
}

/**
 * To a millionth: the fluid solver knows shares of requests that no one would ever see fail.
 *
 * @param ratio NaN stays NaN
 */
export function countableRatio(ratio: number): number {
  return Math.round(ratio * 1e6) / 1e6;
}
