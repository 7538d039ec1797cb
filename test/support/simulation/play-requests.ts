import { discreteEventSolver } from '../../../src/engine/simulation/discrete/discrete-event-solver.js';
import {
  buildNetwork,
  deterministic,
  type BuiltNetwork,
  type CallFixture,
  type OperationFixture,
  type StationFixture,
} from './network-fixture.js';

/** So many workers that nobody waits: all times are sums of the given ones. */
export const wide = (get: OperationFixture, more: Omit<StationFixture, 'operations'> = {}): StationFixture => ({
  ...{ workers: 10_000, operations: { get } },
  ...more,
});
export const takes = (seconds: number, stages: readonly (readonly CallFixture[])[] = []): OperationFixture => ({
  work: deterministic(seconds),
  stages,
});

export interface Play {
  readonly built: BuiltNetwork;
  /** Lets time pass under the given load, users per second. */
  pass(seconds: number, rate?: number): void;
  /** Mean seconds that answered users waited. */
  waited(): number;
  row(name: string): Record<'arrived' | 'ok' | 'failedOwn' | 'failedDependency' | 'failedTimeout' | 'rejected', number>;
}

export function play(stations: Record<string, StationFixture>, entry: Partial<CallFixture> = {}): Play {
  const built = buildNetwork({ stations, entries: { users: { to: 'front.get', ...entry } } });
  const { network, parameters, flows } = built;
  const state = discreteEventSolver.create(network, parameters, 11);
  return {
    built,
    pass: (seconds, rate = 0) => {
      for (let i = 0; i < seconds; i++) {
        discreteEventSolver.step(network, parameters, Float64Array.of(rate), state, flows);
      }
    },
    waited: () => flows.userDurationSum[0]! / flows.userOk[0]!,
    row: (name) => {
      const { arrived, ok, failedOwn, failedDependency, failedTimeout, rejected } = flows;
      const at = (counter: Float64Array) => counter[built.row(name)]!;
      return {
        ...{ arrived: at(arrived), ok: at(ok), failedOwn: at(failedOwn), rejected: at(rejected) },
        ...{ failedDependency: at(failedDependency), failedTimeout: at(failedTimeout) },
      };
    },
  };
}
