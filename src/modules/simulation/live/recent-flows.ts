import type { Flows } from '../../../engine/simulation/model/flows.types.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';

/** Counters of flows that rates and quantiles are made from. */
export type CountedFlows = Pick<
  Flows,
  | 'ok'
  | 'failedOwn'
  | 'failedDependency'
  | 'failedTimeout'
  | 'rejected'
  | 'durationBuckets'
  | 'cpuSeconds'
  | 'userOk'
  | 'userFailed'
  | 'userBuckets'
>;

const COUNTED: readonly (keyof CountedFlows)[] = [
  'ok',
  'failedOwn',
  'failedDependency',
  'failedTimeout',
  'rejected',
  'durationBuckets',
  'cpuSeconds',
  'userOk',
  'userFailed',
  'userBuckets',
];

/** Every so many steps the counters are remembered: what people see is about the last 30 to 60 seconds. */
const STRIDE = 30;

/** Counters as they grew in the recent past. Not part of the simulation: a restart begins anew. */
export class RecentFlows {
  private older: { readonly step: number; readonly flows: CountedFlows } | undefined;
  private newer: { readonly step: number; readonly flows: CountedFlows } | undefined;

  /** To be called before steps are made. */
  remember({ state: { step, flows } }: Simulation): void {
    if (this.newer && step < this.newer.step + STRIDE) return;
    this.older = this.newer;
    const copy = Object.fromEntries(COUNTED.map((name) => [name, flows[name].slice()]));
    this.newer = { step, flows: copy as unknown as CountedFlows };
  }

  /** Growth and the seconds it took; undefined where nothing is remembered. */
  growth({
    state: { step, flows },
  }: Simulation): { readonly seconds: number; readonly flows: CountedFlows } | undefined {
    const base = this.older ?? this.newer;
    if (!base || step <= base.step) return undefined;
    const grown = Object.fromEntries(
      COUNTED.map((name) => [name, flows[name].map((value, i) => value - base.flows[name][i]!)]),
    );
    return { seconds: step - base.step, flows: grown as unknown as CountedFlows };
  }
}
