import { erlangC } from '../queueing/erlang.js';

/** Points of the tables over utilisation. */
const POINTS = 64;
/** Pools with so many connections more than there are workers hardly bound anything but an overload. */
const MOST_WAITING = 128;
const MOST_CONNECTIONS = 1024;
const HALVINGS = 20;
/** Probability of a full pool below which nobody waits for one. */
const NEVER = 1e-12;

/** A queue whose arrivals need a connection, by utilisation of its workers. */
export interface BoundedQueue {
  /** Mean number that waits for a worker, connections in hand, with exponential work. */
  readonly waiting: Float64Array;
  /** Probability that all workers are busy. */
  readonly busy: Float64Array;
  /** How much longer connections are held in full pools than on average. */
  readonly stretch: Float64Array;
  /** Probability to wait in the pool, over that of M/M/c with its connections so stretched. */
  readonly full: Float64Array;
}

/** Pure functions of workers, pools and their size, made when first asked for. */
const queues = new Map<number, BoundedQueue>();

/**
 * M/M/c whose requests first take one of `size` connections of one of `pools` callers, chosen at random, or wait for
 * one: at most pools x size are at the workers at once, and all others wait in the pools. Undefined where the bound
 * is too far from the number of workers to matter.
 *
 * A birth-death process of the connections in use, as for a population that is bounded (E. D. Lazowska et al.,
 * "Quantitative System Performance", 1984, chapter 9 on memory constraints), exact for one pool. With several pools a
 * pool may be full while others are not: of the connections in use all sets are held to be alike likely, so that the
 * chance of a full one is hypergeometric. A connection of a full pool that is given back is taken again at once where
 * someone waits; how often follows from the throughput, which is the offered one.
 */
export function boundedQueue(workers: number, pools: number, size: number): BoundedQueue | undefined {
  const connections = pools * size;
  if (!(connections < MOST_CONNECTIONS) || connections - workers > MOST_WAITING) return undefined;
  const key = (workers * MOST_CONNECTIONS + pools) * MOST_CONNECTIONS + size;
  let queue = queues.get(key);
  if (queue === undefined) queues.set(key, (queue = makeQueue(workers, pools, size)));
  return queue;
}

/** Linear between the points of a table. */
export function readQueue(table: Float64Array, utilisation: number): number {
  const position = utilisation * POINTS;
  if (!(position < POINTS)) return table[POINTS]!;
  const below = Math.max(0, position) | 0;
  return table[below]! + (position - below) * (table[below + 1]! - table[below]!);
}

function makeQueue(workers: number, pools: number, size: number): BoundedQueue {
  const waiting = new Float64Array(POINTS + 1);
  const busy = new Float64Array(POINTS + 1);
  const stretch = new Float64Array(POINTS + 1).fill(1);
  const wait = new Float64Array(POINTS + 1).fill(1);
  const full = fullPools(pools * size, size);
  const states = new Float64Array(full.length);
  for (let i = 1; i < POINTS; i++) {
    const load = (workers * i) / POINTS;
    let low = 0;
    let high = 1;
    for (let halving = 0; halving < HALVINGS; halving++) {
      const taken = (low + high) / 2;
      if (fillStates(states, full, { workers, load, taken }) < load) low = taken;
      else high = taken;
    }
    fillStates(states, full, { workers, load, taken: low });
    for (let used = workers; used < states.length; used++) {
      busy[i] = busy[i]! + states[used]!;
      waiting[i] = waiting[i]! + states[used]! * (used - workers);
    }
    busy[i] = Math.min(busy[i]!, erlangC(workers, load));
    const pool = poolAt(states, full, workers);
    const taken = Math.min(1, (load * pool.full) / Math.max(pool.freed, 1e-300));
    if (!(pool.full > NEVER) || !(taken < 1)) continue;
    stretch[i] = Math.max(1, (taken * pools * size) / pool.used);
    wait[i] = pool.full / erlangC(size, size * taken);
  }
  busy[POINTS] = 1;
  waiting[POINTS] = Math.max(0, pools * size - workers);
  return { waiting, busy, stretch, full: wait };
}

/** Probability that a given pool is full while so many connections are in use. */
function fullPools(connections: number, size: number): Float64Array {
  const full = new Float64Array(connections + 1);
  for (let used = size; used <= connections; used++) {
    let chance = 1;
    for (let i = 0; i < size; i++) chance *= (used - i) / (connections - i);
    full[used] = chance;
  }
  return full;
}

/**
 * Fills the probabilities of the connections in use.
 *
 * @param taken probability that someone waits for a connection that a full pool gives back
 * @returns mean number of busy workers
 */
function fillStates(
  states: Float64Array,
  full: Float64Array,
  { workers, load, taken }: { readonly workers: number; readonly load: number; readonly taken: number },
): number {
  const connections = states.length - 1;
  states.fill(0);
  states[0] = 1;
  let sum = 1;
  for (let used = 1; used <= connections; used++) {
    const fromFull = Math.min(1, (full[used]! * connections) / used);
    const up = load * (1 - full[used - 1]!);
    const down = Math.min(used, workers) * (1 - taken * fromFull);
    const state = (states[used - 1]! * up) / Math.max(1e-12, down);
    states[used] = state;
    sum += state;
    if (sum > 1e200) sum = rescale(states, used, sum);
  }
  let busy = 0;
  for (let used = 0; used <= connections; used++) {
    states[used] = states[used]! / sum;
    busy += states[used]! * Math.min(used, workers);
  }
  return busy;
}

/** Probability that a pool is full; connections that full pools give back, by service time; connections in use. */
function poolAt(states: Float64Array, full: Float64Array, workers: number) {
  let [chance, freed, used] = [0, 0, 0];
  for (let i = 1; i < states.length; i++) {
    chance += states[i]! * full[i]!;
    freed += states[i]! * Math.min(i, workers) * Math.min(1, (full[i]! * (states.length - 1)) / i);
    used += states[i]! * i;
  }
  return { full: chance, freed, used };
}

function rescale(states: Float64Array, upTo: number, sum: number): number {
  for (let used = 0; used <= upTo; used++) states[used] = states[used]! / sum;
  return 1;
}
