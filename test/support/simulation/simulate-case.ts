import type { Flows } from '../../../src/engine/simulation/model/flows.types.js';
import type { Solver } from '../../../src/engine/simulation/model/solver.types.js';
import { createRandom, nextUint32 } from '../../../src/engine/simulation/random/random.js';
import type { BuiltNetwork } from './network-fixture.js';
import type { Counters, QueueingCase } from './queueing-cases.js';
import { estimate, runNetwork, type Estimate } from './run-network.js';

export interface Effort {
  /** Independent runs, each with a seed of its own. */
  readonly replications: number;
  /** Users of each run, after a fifth as many to warm up; five times as many where the load is above 0.85. */
  readonly users: number;
  /** Quantile of the standard normal that gives the confidence. */
  readonly z: number;
}

/** Mean and confidence interval of every answer of a case, in order. */
export function simulateCase<State extends object>(
  solver: Solver<State>,
  queueingCase: QueueingCase,
  effort: Effort,
): readonly Estimate[] {
  const { rate, load, answers } = queueingCase;
  const users = effort.users * (load > 0.85 ? 5 : 1);
  const warmUp = Math.ceil(users / rate / 5);
  const seconds = warmUp + Math.ceil(users / rate);
  const values = answers.map((): number[] => []);
  // Seeds of its own for each case: with common ones a streak of luck in the arrivals would show in every case.
  const seeds = createRandom(1, queueingCase.name);
  for (let i = 0; i < effort.replications; i++) {
    const seed = nextUint32(seeds);
    const built = queueingCase.build();
    let before = built.flows;
    const each = (second: number) => {
      if (second === warmUp) before = structuredClone(built.flows);
    };
    runNetwork(solver, built, { seed, seconds, rates: [rate], each });
    const counters = countersOf(built, before);
    answers.forEach(({ measure }, i) => values[i]!.push(measure(counters)));
  }
  return values.map((each) => estimate(each, effort.z));
}

function countersOf({ flows, network }: BuiltNetwork, before: Flows): Counters {
  const grown = (name: keyof Flows, from = 0) => {
    return flows[name].reduce((sum, value, i) => (i < from ? sum : sum + value - before[name][i]!), 0);
  };
  return {
    ...{ offered: grown('userOffered'), ok: grown('userOk'), waited: grown('userDurationSum') },
    ...{
      rejected: grown('rejected'),
      attempts: flows.attempts[network.entries[0]!]! - before.attempts[network.entries[0]!]!,
    },
    beyond: (seconds) => grown('userBuckets', network.userBounds.indexOf(seconds) + 1),
  };
}
