import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { expectationTitle, unitOf } from '../../../engine/simulation/report/expectations/expectation-words.js';
import { latency, wrap } from '../terminal/words.js';

export function explainPromises({ slos, expect }: Scenario, columns: number): string {
  const promises = slos.map(({ name, entryPoint, objective, latency: within }) => {
    const speed = within < Infinity ? ` within ${latency(within)}` : '';
    const promise = `SLO ${name}: ${Number((objective * 100).toPrecision(6))} % of ${entryPoint} answered without error${speed}`;
    return wrap(promise, columns, '  ', '    ');
  });
  const expectations = expect.map((expectation) =>
    wrap(`expected: ${expectationTitle(expectation, unitOf(expectation))}`, columns, '  ', '    '),
  );
  return [...promises, ...expectations].join('');
}
