import { clearFault, injectFault, requestChange } from '../../../engine/simulation/simulation.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';
import type { AppliedIntervention } from '../data/intervention.repository.js';
import { faultAt } from './stored-fault.js';

/** Why the engine would not do it; null where it did. The same simulation always gives the same answer. */
export function applyIntervention(simulation: Simulation, intervention: AppliedIntervention): string | null {
  try {
    switch (intervention.kind) {
      case 'inject-fault':
        injectFault(simulation, faultAt(intervention.payload, intervention.step));
        break;
      case 'clear-fault':
        if (!clearFault(simulation, intervention.payload.name))
          return `No fault "${intervention.payload.name}" is left.`;
        break;
      case 'change':
        requestChange(simulation, intervention.payload);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
