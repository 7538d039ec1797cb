import type { FaultRecord } from '../../account/account.types.js';
import type { Simulation } from '../../simulation.types.js';
import { detectedAfter } from '../report-faults.js';
import type { RunFindings } from '../report.types.js';
import { unknown, type Measure } from './measure.types.js';

/** Seconds from the end of a fault until nobody was harmed any more for a minute. */
export function measureRecovery(simulation: Simulation, name: string): Measure {
  const { fleet, state } = simulation;
  if (fleet.scenario.slos.length === 0) return unknown('seconds', 'without an SLO nobody can say what harm is');
  const fault = recordOf(simulation, name);
  if (fault === undefined) return unknown('seconds', `${name} did not begin in this run`);
  if (fault.to < 0) return unknown('seconds', `${name} had not ended when the run did`);
  if (fault.recoveredAt < 0) {
    // Whoever was harmed until now waits at least until now.
    const value = Math.max(0, state.account.memory.lastHarmAt + 1 - fault.to);
    return {
      unit: 'seconds',
      value,
      atLeast: true,
      detail: 'users were not without harm for a minute when the run ended',
    };
  }
  return { unit: 'seconds', value: fault.recoveredAt - fault.to, detail: harmInWords(fault) };
}

/** Seconds from the first harm of a fault to its first detection; before the harm it is negative. */
export function measureDetection(simulation: Simulation, name: string, findings?: RunFindings): Measure {
  if (findings === undefined) return unknown('seconds', 'nothing watched this run for faults');
  const fault = recordOf(simulation, name);
  if (fault === undefined) return unknown('seconds', `${name} did not begin in this run`);
  if (fault.harmedAt < 0) return unknown('seconds', `${name} harmed nobody`);
  const value = detectedAfter(findings, name, fault.harmedAt);
  if (value !== null) return { unit: 'seconds', value };
  const waited = simulation.state.step - fault.harmedAt;
  return { unit: 'seconds', value: waited, atLeast: true, detail: 'it was not detected until the end of the run' };
}

function recordOf({ state }: Simulation, name: string): FaultRecord | undefined {
  return state.account.faults.find((fault) => fault.name === name);
}

function harmInWords({ harmedAt, from }: FaultRecord): string {
  return harmedAt < 0 ? 'nobody was harmed' : `users were first harmed ${harmedAt - from} s after it began`;
}
