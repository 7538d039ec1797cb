import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { CellGroup } from './cell-groups.js';

/**
 * The slot (0 to 7) of each group. A group goes where most of its pods are, so that a population keeps its slot, with
 * the requests in it, when its health changes. A group without a home gets the slot that its version had last, or one
 * that is empty. `fresh` says that the slot changes hands.
 */
export function assignSlots(
  context: PlatformContext,
  deployment: number,
  groups: readonly CellGroup[],
): readonly { readonly slot: number; readonly fresh: boolean }[] {
  const { control, fleet } = context;
  const first = fleet.deployments[deployment]!.station * CELLS_PER_STATION;
  const { owners } = control.deployments[deployment]!;
  const taken = new Array<boolean>(CELLS_PER_STATION).fill(false);
  const slots = homes(context, deployment, groups, first, taken);
  return slots.map((home, i) => {
    const hash = hashOf(context, deployment, groups[i]!.version);
    const slot = home >= 0 ? home : emptySlot(context, first, owners, hash, taken);
    taken[slot] = true;
    const fresh = owners[slot] !== hash;
    owners[slot] = hash;
    return { slot, fresh };
  });
}

/** Per group: the slot where it lives, or -1. Largest parts first. */
function homes(
  context: PlatformContext,
  deployment: number,
  groups: readonly CellGroup[],
  first: number,
  taken: boolean[],
): number[] {
  const { owners } = context.control.deployments[deployment]!;
  const parts: { group: number; slot: number; count: number }[] = [];
  for (const [group, { pods, version }] of groups.entries()) {
    const counts = new Int32Array(CELLS_PER_STATION);
    for (const { cell } of pods) if (cell >= 0) counts[cell - first]! += 1;
    const hash = hashOf(context, deployment, version);
    counts.forEach((count, slot) => {
      if (count > 0 && owners[slot] === hash) parts.push({ group, slot, count });
    });
  }
  parts.sort((a, b) => b.count - a.count || a.slot - b.slot || a.group - b.group);
  const slots = groups.map(() => -1);
  for (const { group, slot } of parts) {
    if (slots[group] !== -1 || taken[slot]) continue;
    slots[group] = slot;
    taken[slot] = true;
  }
  return slots;
}

/** Of the free slots: the one of the same version, else an unused one, else the one with the fewest requests in it. */
function emptySlot(
  { fleet, flows, parameters }: PlatformContext,
  first: number,
  owners: readonly (string | null)[],
  hash: string,
  taken: readonly boolean[],
): number {
  const { operationStride } = fleet.network;
  let best = -1;
  let lowest = Infinity;
  for (let slot = 0; slot < CELLS_PER_STATION; slot++) {
    if (taken[slot]) continue;
    const cell = first + slot;
    let cost = owners[slot] === hash ? -1 : owners[slot] === null ? 0 : 1;
    if (parameters.cells.servers[cell]! > 0) cost += 1e9;
    if (flows && owners[slot] !== hash) {
      for (let row = cell * operationStride; row < (cell + 1) * operationStride; row++) cost += flows.inFlight[row]!;
    }
    if (cost < lowest) [best, lowest] = [slot, cost];
  }
  return best;
}

function hashOf({ platform }: PlatformContext, deployment: number, version: number): string {
  return platform.deployments[deployment]!.versions[version]!.hash;
}
