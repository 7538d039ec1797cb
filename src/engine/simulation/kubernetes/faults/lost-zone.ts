import type { Fleet } from '../../model/fleet.types.js';
import type { ActiveFault } from '../../timeline/active-fault.types.js';
import { isLoss, placeMatches } from './match-target.js';

/** Whether a whole zone is gone: there is nothing to make new nodes of. */
export function isLostZone(fleet: Fleet, active: readonly ActiveFault[], zone: number): boolean {
  const { region } = fleet.zones[zone]!;
  return active.some(
    ({ kind, target }) => isLoss(kind) && kind !== 'node-loss' && placeMatches(fleet, target, { region, zone }),
  );
}
