import { CELLS_PER_STATION } from '../model/parameters.types.js';
import type { World } from './discrete-state.js';
import { feedPool } from './pools.js';

/** Where a pool has grown since the last step, calls that wait for it get the new connections. */
export function updatePools(world: World): void {
  const { network, parameters, plan, state } = world;
  for (const { index, from } of network.edges) {
    const limit = parameters.edgePool[index]!;
    const before = state.poolLimits[index]!;
    state.poolLimits[index] = limit;
    if (limit <= before || from < 0) continue;
    const first = plan.operations.station[from]! * CELLS_PER_STATION;
    for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
      for (const server of state.cells.live[cell]!) feedPool(world, server, index);
      for (const server of state.cells.draining[cell]!) feedPool(world, server, index);
    }
  }
  for (const server of state.detached) {
    const station = (state.servers.cell[server]! / CELLS_PER_STATION) | 0;
    for (const { index, from } of network.edges) {
      if (from >= 0 && plan.operations.station[from] === station) feedPool(world, server, index);
    }
  }
}
