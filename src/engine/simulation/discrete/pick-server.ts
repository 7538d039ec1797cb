import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { nextBelow, nextUniform } from '../random/random.js';
import type { World } from './discrete-state.js';

/** A server of the station at random, by the weights of the cells; -1: there is none. */
export function pickServer({ state, parameters }: World, station: number): number {
  const live = state.live[station]!;
  const count = live.length;
  if (count === 0) return -1;
  const stream = state.random.dispatch;
  if (state.weighted[station] === 0) return count === 1 ? live[0]! : live[nextBelow(stream, count)]!;
  const cell = cellByWeight(state.cells.live, parameters.cells.weight, station, nextUniform(stream));
  if (cell < 0) return -1;
  const servers = state.cells.live[cell]!;
  return servers[nextBelow(stream, servers.length)]!;
}

/**
 * The cell whose counters take a message of a shared queue: it is counted from its arrival on, when nobody knows yet who
 * will work on it. By weight, so that cells get their share on average; the first one while there are no consumers.
 */
export function pickHomeCell({ state, parameters }: World, station: number): number {
  const first = station * CELLS_PER_STATION;
  if (state.live[station]!.length === 0) return first;
  const cell = cellByWeight(state.cells.live, parameters.cells.weight, station, nextUniform(state.random.dispatch));
  return cell < 0 ? first : cell;
}

function cellByWeight(live: number[][], weight: Float64Array, station: number, point: number): number {
  const first = station * CELLS_PER_STATION;
  let total = 0;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) total += live[cell]!.length * weight[cell]!;
  let left = point * total;
  let chosen = -1;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    const share = live[cell]!.length * weight[cell]!;
    if (share <= 0) continue;
    chosen = cell;
    if (left < share) break;
    left -= share;
  }
  return chosen;
}
