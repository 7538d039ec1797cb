import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { expectationTitle, unitOf } from '../../../engine/simulation/report/expectations/expectation-words.js';
import { latency } from '../terminal/words.js';

export function explainPromises({ slos, expect }: Scenario): string {
  const promises = slos.map(({ name, entryPoint, objective, latency: within }) => {
    const speed = within < Infinity ? ` within ${latency(within)}` : '';
    return `  SLO ${name}: ${Number((objective * 100).toPrecision(6))} % of ${entryPoint} answered without error${speed}\n`;
  });
  const expectations = expect.map(
    (expectation) => `  expected: ${expectationTitle(expectation, unitOf(expectation))}\n`,
  );
  return [...promises, ...expectations].join('');
}
