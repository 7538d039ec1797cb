import { discreteEventSolver } from '../../src/engine/simulation/discrete/discrete-event-solver.js';
import { QUEUEING_CASES } from '../support/simulation/queueing-cases.js';
import { simulateCase } from '../support/simulation/simulate-case.js';

/** Prints a Markdown table: closed form, simulated mean with its 99 % interval, and whether the one lies in the other. */
export function run(options: { replications: number; users: number }): void {
  const effort = { ...options, z: 2.5758 };
  let inside = 0;
  let total = 0;
  console.log('| network | quantity | closed form | simulated (99 % interval) | inside |');
  console.log('|---|---|---|---|---|');
  for (const each of QUEUEING_CASES) {
    const estimates = simulateCase(discreteEventSolver, each, effort);
    estimates.forEach(({ mean, halfWidth }, i) => {
      const { quantity, value } = each.answers[i]!;
      const isInside = Math.abs(mean - value) <= halfWidth;
      inside += Number(isInside);
      total++;
      const simulated = `${mean.toPrecision(5)} ± ${halfWidth.toPrecision(2)}`;
      console.log(
        `| ${each.name} | ${quantity} | ${value.toPrecision(5)} | ${simulated} | ${isInside ? 'yes' : 'no'} |`,
      );
    });
  }
  const expected = (0.99 * total).toFixed(1);
  console.log(`\n${inside} of ${total} inside; of right answers 99 % are, that is ${expected} on average.`);
}
