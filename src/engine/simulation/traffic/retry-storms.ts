import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { namesComponent } from '../timeline/component-effects.js';

/** Writes timeouts and added retries of all edges, with the retry storms in force. */
export function writePatience({ calls, components }: Fleet, { timeline, parameters }: SimulationState): void {
  const { edgeTimeout, edgeExtraRetries } = parameters;
  for (let edge = 0; edge < calls.length; edge++) {
    edgeTimeout[edge] = calls[edge]!.timeout;
    edgeExtraRetries[edge] = 0;
  }
  for (const fault of timeline.active) {
    if (fault.kind !== 'retry-storm') continue;
    for (let edge = 0; edge < calls.length; edge++) {
      if (!namesComponent(fault, components[calls[edge]!.callee]!.name)) continue;
      edgeTimeout[edge]! *= fault.settings['timeoutFactor']!;
      edgeExtraRetries[edge]! += fault.settings['retries']!;
    }
  }
}
