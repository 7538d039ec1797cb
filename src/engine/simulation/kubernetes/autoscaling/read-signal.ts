import type { SignalSpec } from '../../../scenario/scenario.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { SignalMark } from '../control-state.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import { histogramQuantile } from './histogram-quantile.js';

/** The differences of a service's counters over the last minute, all its stations together. */
interface Window {
  readonly seconds: number;
  readonly arrived: number;
  readonly finished: number;
  readonly failed: number;
  readonly buckets: Float64Array;
}

/**
 * The value of a signal now, or null where there is none: nothing measured yet, no requests to take a ratio of, no pods
 * to divide by. A service is looked at in the cluster of the autoscaler; where it does not run there, in all of its.
 */
export function readSignal(context: PlatformContext, signal: SignalSpec, cluster: number): number | null {
  switch (signal.signal) {
    case 'constant':
      return signal.value;
    case 'consumer-lag':
      return consumerLag(context, signal.queue);
    default:
      return serviceSignal(context, signal.signal, deploymentsOf(context, signal.service, cluster));
  }
}

function serviceSignal(
  context: PlatformContext,
  signal: Exclude<SignalSpec['signal'], 'constant' | 'consumer-lag'>,
  deployments: readonly number[],
): number | null {
  if (signal === 'in-flight-per-pod') return perPod(inFlight(context, deployments), context, deployments);
  const window = windowOf(context, deployments);
  if (window === null) return null;
  const { arrived, buckets, failed, finished, seconds } = window;
  switch (signal) {
    case 'request-rate':
      return arrived / seconds;
    case 'request-rate-per-pod':
      return perPod(arrived / seconds, context, deployments);
    case 'latency-p99':
      return histogramQuantile(0.99, context.fleet.network.durationBounds, buckets);
    case 'error-ratio':
      return finished > 0 ? failed / finished : null;
  }
}

function deploymentsOf({ fleet, plan }: PlatformContext, service: string, cluster: number): readonly number[] {
  const all = plan.byService.get(service) ?? [];
  const here = all.filter((index) => fleet.deployments[index]!.cluster === cluster);
  return here.length > 0 ? here : all;
}

function windowOf({ control, fleet }: PlatformContext, deployments: readonly number[]): Window | null {
  const buckets = new Float64Array(fleet.network.durationBounds.length + 1);
  let seconds = 0;
  let arrived = 0;
  let finished = 0;
  let failed = 0;
  for (const index of deployments) {
    const marks: readonly SignalMark[] = control.deployments[index]!.marks ?? [];
    if (marks.length < 2) return null;
    const from = marks[0]!;
    const to = marks.at(-1)!;
    seconds = to.step - from.step;
    arrived += to.arrived - from.arrived;
    finished += to.finished - from.finished;
    failed += to.failed - from.failed;
    for (let i = 0; i < buckets.length; i++) buckets[i]! += to.buckets[i]! - from.buckets[i]!;
  }
  return seconds > 0 ? { seconds, arrived, finished, failed, buckets } : null;
}

function perPod(value: number, { control, platform }: PlatformContext, deployments: readonly number[]): number | null {
  let ready = 0;
  for (const index of deployments) {
    for (const slot of control.deployments[index]!.pods) if (platform.pods[slot]!.ready) ready += 1;
  }
  return ready > 0 ? value / ready : null;
}

function inFlight({ fleet, flows }: PlatformContext, deployments: readonly number[]): number {
  const rows = CELLS_PER_STATION * fleet.network.operationStride;
  let sum = 0;
  for (const index of deployments) {
    const first = fleet.deployments[index]!.station * rows;
    for (let row = first; row < first + rows; row++) sum += flows!.inFlight[row]!;
  }
  return sum;
}

function consumerLag({ fleet, stores }: PlatformContext, queue: string): number | null {
  const component = fleet.components.find(({ kind, name }) => kind === 'store' && name === queue);
  const state = component && stores?.queues[component.index];
  return state ? state.lag.reduce((sum, lag) => sum + lag, 0) : null;
}
