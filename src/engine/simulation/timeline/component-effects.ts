import type { ActiveFault } from './active-fault.types.js';

/**
 * How many times longer the work of a component takes under the faults in force (`dependency-slow`); 1: as always.
 * Several faults multiply.
 *
 * @param component name of a service or store
 * @param cluster its cluster by name, for faults that name one; left out, only faults without a cluster count
 */
export function workFactorOf(active: readonly ActiveFault[], component: string, cluster?: string): number {
  let factor = 1;
  for (const fault of active) {
    if (fault.kind !== 'dependency-slow' || !namesComponent(fault, component)) continue;
    if (fault.target.cluster !== undefined && fault.target.cluster !== cluster) continue;
    factor *= fault.settings['factor'] ?? 1;
  }
  return factor;
}

/** Whether a fault's target is this service or store, by name. */
export function namesComponent(fault: ActiveFault, component: string): boolean {
  return fault.target.service === component || fault.target.store === component;
}
