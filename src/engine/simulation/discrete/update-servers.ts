import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { nextBelow } from '../random/random.js';
import type { World } from './discrete-state.js';
import { forgetCalls, killServers } from './kill-servers.js';
import { feedPlaces, feedWorkers, offerShared, watchSaturation } from './places.js';
import { rescaleWork } from './rescale-work.js';
import { freeServer, SERVER_DRAINS, SERVER_KILLED, takeServer } from './server-table.js';

const SETTINGS = ['workers', 'speed', 'slots', 'queueLimit', 'errorRatio', 'workFactor'] as const;

/**
 * Brings the servers in line with the cells, at the start of a step: some are killed, some begin to drain, some are new,
 * and settings may have changed. Work in progress follows a change of speed; a change of work factor or contention
 * meets only work that begins after it.
 */
export function updateServers(world: World): void {
  const { state, network } = world;
  const killed: number[] = [];
  const reset: number[] = [];
  for (let station = 0; station < network.stations.length; station++) {
    let changed = false;
    const first = station * CELLS_PER_STATION;
    for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
      if (updatePopulation(world, cell, killed)) changed = true;
      updateSettings(world, cell, changed, reset);
    }
    if (changed) state.live[station] = state.cells.live.slice(first, first + CELLS_PER_STATION).flat();
    state.weighted[station] = Number(isWeighted(world, first));
  }
  if (killed.length > 0) killServers(world, killed);
  if (reset.length > 0) rescaleWork(world);
  for (const server of reset) {
    watchSaturation(world, server);
    feedWorkers(world, server);
    feedPlaces(world, server);
  }
  sweepDrained(world);
  for (let station = 0; station < network.stations.length; station++) {
    if (state.sharedHead[station]! >= 0) offerShared(world, station);
  }
}

/** True: other servers take requests than before. */
function updatePopulation(world: World, cell: number, killed: number[]): boolean {
  const { parameters, plan, state } = world;
  const { cells } = state;
  const table = parameters.cells;
  // Any number of servers of an infinite server is one of them.
  const delay = plan.delay[(cell / CELLS_PER_STATION) | 0] === 1;
  const wanted = delay ? Math.min(1, table.servers[cell]!) : table.servers[cell]!;
  const renewed = cells.epoch[cell] !== table.epoch[cell];
  const live = cells.live[cell]!;
  const kills = delay && wanted > 0 && !renewed ? 0 : table.killed[cell]!;
  if (!renewed && kills === 0 && wanted === live.length) return false;
  if (kills > 0) chooseKilled(world, cell, kills, renewed ? live.length : live.length - wanted, killed);
  if (renewed) {
    cells.epoch[cell] = table.epoch[cell]!;
    detach(world, cell, killed);
  }
  while (live.length > wanted) drain(world, cell, live.pop()!, killed);
  while (live.length < wanted) live.push(takeServer(state.servers, cell, plan.poolStride));
  return true;
}

/**
 * Those that went from among the serving ones first, then those that drain already (their grace is over), oldest first,
 * then others that serve and are replaced in the same moment.
 */
function chooseKilled({ state }: World, cell: number, kills: number, gone: number, killed: number[]): void {
  const live = state.cells.live[cell]!;
  const draining = state.cells.draining[cell]!;
  for (let i = 0; i < kills; i++) {
    let server: number;
    if (draining.length > 0 && i >= gone) server = draining.shift()!;
    else if (live.length > 0) server = live.splice(nextBelow(state.random.dispatch, live.length), 1)[0]!;
    else return;
    state.servers.phase[server] = SERVER_KILLED;
    killed.push(server);
  }
}

/** A server that stands still would never end what it has: it is killed, as after the grace of a termination. */
function drain({ state }: World, cell: number, server: number, killed: number[]): void {
  const stands = state.servers.speed[server] === 0;
  state.servers.phase[server] = stands ? SERVER_KILLED : SERVER_DRAINS;
  if (stands) killed.push(server);
  else state.cells.draining[cell]!.push(server);
}

/** The cell is given to others: those that drain in it keep their settings from now on. */
function detach(world: World, cell: number, killed: number[]): void {
  const { cells, detached } = world.state;
  while (cells.live[cell]!.length > 0) drain(world, cell, cells.live[cell]!.pop()!, killed);
  detached.push(...cells.draining[cell]!.splice(0));
}

function updateSettings({ parameters, plan, state }: World, cell: number, changed: boolean, reset: number[]): void {
  const { cells, servers } = state;
  const delay = plan.delay[(cell / CELLS_PER_STATION) | 0] === 1;
  const live = cells.live[cell]!;
  if (live.length === 0) return;
  let differs = changed;
  for (const name of SETTINGS) if (cells[name][cell] !== parameters.cells[name][cell]) differs = true;
  if (!differs) return;
  for (const list of [live, cells.draining[cell]!]) {
    for (const server of list) {
      servers.oldSpeed[server] = servers.speed[server]!;
      for (const name of SETTINGS) servers[name][server] = parameters.cells[name][cell]!;
      if (delay) servers.workers[server] = servers.slots[server] = Infinity;
      reset.push(server);
    }
  }
  for (const name of SETTINGS) cells[name][cell] = parameters.cells[name][cell]!;
}

/** Whether servers of different cells get different shares. */
function isWeighted({ state, parameters }: World, first: number): boolean {
  let weight = 1;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    if (state.cells.live[cell]!.length === 0) continue;
    const own = parameters.cells.weight[cell]!;
    if (own === 0 || (weight !== 1 && own !== weight)) return true;
    if (weight === 1) weight = own;
  }
  return false;
}

/** Lets go of servers that have drained, with all that they still wanted of others. */
function sweepDrained(world: World): void {
  const { cells, servers } = world.state;
  const isEmpty = (server: number) => servers.held[server] === 0 && servers.waiting[server] === 0;
  for (const list of [...cells.draining, world.state.detached]) {
    if (list.length === 0 || !list.some(isEmpty)) continue;
    const gone = list.filter(isEmpty);
    list.splice(0, list.length, ...list.filter((server) => !isEmpty(server)));
    for (const server of gone) servers.phase[server] = SERVER_KILLED;
    forgetCalls(world);
    for (const server of gone) freeServer(servers, server);
  }
}
