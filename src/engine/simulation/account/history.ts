import { STEP_SECONDS } from '../model/solver.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { HistoryState } from './account.types.js';
import { bucketQuantile } from './bucket-quantile.js';

/** Points that a history has at most. */
export const HISTORY_POINTS = 2000;

const NICE_INTERVALS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

/** An interval in which the planned duration fits; a run that goes on for longer coarsens it. */
export function createHistory(duration: number, buckets: number): HistoryState {
  const column = () => new Float64Array(HISTORY_POINTS);
  return {
    interval: NICE_INTERVALS.find((interval) => duration <= interval * HISTORY_POINTS) ?? NICE_INTERVALS.at(-1)!,
    points: 0,
    offered: column(),
    ok: column(),
    failed: column(),
    p50: column(),
    p99: column(),
    replicas: column(),
    costRate: column(),
    base: { step: 0, offered: 0, ok: 0, failed: 0, podSeconds: 0, cost: 0, buckets: new Float64Array(buckets) },
  };
}

/** Runs after every step; does nothing until an interval is full. */
export function recordHistory(state: SimulationState, userBounds: Float64Array): void {
  const { history } = state.account;
  if (state.step + 1 - history.base.step < history.interval) return;
  if (history.points === HISTORY_POINTS) {
    coarsen(history);
    // The interval has just doubled: this one is half full.
    return;
  }
  writePoint(state, userBounds, history, history.points, state.step + 1);
  history.points += 1;
  rebase(state);
}

/**
 * Writes what happened since the last full interval as one point.
 *
 * @param until the first step that does not belong to it
 */
export function writePoint(
  { flows, account }: Pick<SimulationState, 'flows' | 'account'>,
  userBounds: Float64Array,
  into: Omit<HistoryState, 'base' | 'interval' | 'points'>,
  point: number,
  until: number,
): void {
  const { base } = account.history;
  const seconds = (until - base.step) * STEP_SECONDS;
  const stride = userBounds.length + 1;
  const latencies = new Float64Array(stride);
  for (let i = 0; i < flows.userBuckets.length; i++) latencies[i % stride]! += flows.userBuckets[i]! - base.buckets[i]!;
  // Sums of fractional requests may step back by a rounding.
  into.offered[point] = Math.max(0, total(flows.userOffered) - base.offered);
  into.ok[point] = Math.max(0, total(flows.userOk) - base.ok);
  into.failed[point] = Math.max(0, total(flows.userFailed) - base.failed);
  into.p50[point] = bucketQuantile(userBounds, latencies, 0, 0.5);
  into.p99[point] = bucketQuantile(userBounds, latencies, 0, 0.99);
  into.replicas[point] = (account.memory.podSeconds - base.podSeconds) / seconds;
  into.costRate[point] = ((account.cost - base.cost) / seconds) * 3600;
}

function rebase({ flows, account, step }: SimulationState): void {
  const { base } = account.history;
  base.step = step + 1;
  base.offered = total(flows.userOffered);
  base.ok = total(flows.userOk);
  base.failed = total(flows.userFailed);
  base.podSeconds = account.memory.podSeconds;
  base.cost = account.cost;
  base.buckets.set(flows.userBuckets);
}

/**
 * Every two points become one. Requests add up; replicas and cost are means; of latencies the distributions are gone,
 * so p50 becomes the mean weighted by requests and p99 the larger of the two.
 */
function coarsen(history: HistoryState): void {
  const { offered, ok, failed, p50, p99, replicas, costRate } = history;
  for (let to = 0; to < HISTORY_POINTS / 2; to++) {
    const a = 2 * to;
    const b = a + 1;
    p50[to] = weighted(p50[a]!, ok[a]!, p50[b]!, ok[b]!);
    p99[to] = Number.isNaN(p99[a]) ? p99[b]! : Number.isNaN(p99[b]) ? p99[a]! : Math.max(p99[a]!, p99[b]!);
    for (const column of [offered, ok, failed]) column[to] = column[a]! + column[b]!;
    for (const column of [replicas, costRate]) column[to] = (column[a]! + column[b]!) / 2;
  }
  history.points = HISTORY_POINTS / 2;
  history.interval *= 2;
}

function weighted(a: number, weightOfA: number, b: number, weightOfB: number): number {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  return (a * weightOfA + b * weightOfB) / (weightOfA + weightOfB);
}

function total(values: Float64Array): number {
  let result = 0;
  for (let i = 0; i < values.length; i++) result += values[i]!;
  return result;
}
