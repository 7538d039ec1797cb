import { describe, expect, it } from 'vitest';
import { watchFlows } from '../../../test/support/simulation/check-flows.js';
import { watchTelemetry } from '../../../test/support/simulation/check-telemetry.js';
import { RANDOM_DURATION, randomScenarioText } from '../../../test/support/simulation/random-scenario.js';
import { FAULT_KINDS, type FaultKind } from '../scenario/fault.types.js';
import { parseScenario } from '../scenario/parse-scenario.js';
import type { SolverName } from './model/solver.types.js';
import { createRandom } from './random/random.js';
import { createSimulation, stepSimulation } from './simulation.js';

const SOLVERS: readonly SolverName[] = ['fluid', 'discrete-event'];
const KINDS = Object.keys(FAULT_KINDS) as FaultKind[];
/** Every kind of fault is in at least one of them. */
const SCENARIOS = 12;
const FAULTS_EACH = Math.ceil(KINDS.length / SCENARIOS);

describe.each(SOLVERS)('random scenarios by the %s solver', (solver) => {
  it.each(Array.from({ length: SCENARIOS }, (_, i) => i))(
    'lose no request, and show only finite values and counters that never fall, scenario %i',
    (index) => {
      const random = createRandom(index + 1, 'fuzz/scenario');
      const kinds = KINDS.slice(index * FAULTS_EACH, (index + 1) * FAULTS_EACH);
      const text = randomScenarioText(random, kinds);
      const read = () => {
        throw new Error('nothing is included');
      };
      const simulation = createSimulation(parseScenario(text, { file: 'random.yaml', read }), { solver });
      const checkFlows = watchFlows(simulation.state.flows);
      const telemetry = watchTelemetry(simulation);
      for (let step = 0; step < RANDOM_DURATION; step++) {
        stepSimulation(simulation, telemetry.sink);
        checkFlows(`scenario ${index}, step ${step}`);
      }
      expect(telemetry.scrapes()).toBe(RANDOM_DURATION / 5 + 1);
      expect(simulation.state.flows.userOffered.some((offered) => offered > 0)).toBe(true);
    },
    30_000,
  );
});
