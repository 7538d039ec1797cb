import { readQueue, type BoundedQueue } from './bounded-queue.js';
import { meanQueue, utilisationAt, waitProbability } from './stationary.js';

/** A queue with workers and places for one step. Written and read by its caller; one is used for all cells in turn. */
export interface Front {
  /** In: what waits or is worked on, and what arrives in this step. */
  content: number;
  arriving: number;
  /** In: parallel workers, work times (mean, seconds; second and third moment over powers of the mean). */
  workers: number;
  workMean: number;
  workSecond: number;
  workThird: number;
  /** In: places; those that requests in their stages hold at least at the end, and per request served. */
  slots: number;
  heldBefore: number;
  heldPerServed: number;
  /** In: requests that may wait for a place. */
  queueLimit: number;
  /** In: how it is where callers need connections, and the share of arrivals that do. */
  bound: BoundedQueue | undefined;
  boundShare: number;
  /** In and out: memories of the cell. */
  utilisation: number;
  slotUse: number;
  spread: number;
  /** Out: requests whose work ended, that were refused, that remain. */
  served: number;
  refused: number;
  remaining: number;
  waitShare: number;
  waitMean: number;
  waitScv: number;
  /** Out: probability that all workers are busy. */
  saturated: number;
}

export function createFront(): Front {
  return {
    ...{ content: 0, arriving: 0, workers: 1, workMean: 0, workSecond: 1, workThird: 1 },
    ...{ slots: Infinity, heldBefore: 0, heldPerServed: 0, queueLimit: Infinity },
    ...{ bound: undefined, boundShare: 0 },
    ...{ utilisation: 0, slotUse: 0, spread: 0, served: 0, refused: 0, remaining: 0 },
    ...{ waitShare: 0, waitMean: 0, waitScv: 1, saturated: 0 },
  };
}

/** Share of the content that is not told apart. */
const NO_DIFFERENCE = 1e-4;

/** Seconds after which nobody waits any more in any figure. */
const LONGEST_WAIT = 1e4;

/** Advances by one second, conserving requests: content + arriving = served + refused + remaining. */
export function stepFront(front: Front): void {
  const total = front.content + front.arriving;
  const rate = front.workers / front.workMean;
  if (!(rate > 0)) {
    standStill(front, total);
    return;
  }
  const scv = Math.max(0, front.workSecond - 1);
  const slotRate = Math.max(0, front.slots - front.heldBefore) / (front.heldPerServed + front.workMean);
  const bySlots = slotRate < 1.5 * rate || front.slots < 1.5 * front.workers;
  front.utilisation = bySlots
    ? utilisationWithBounds(front, total, rate, slotRate)
    : utilisationAt(total, rate + front.workers, front.workers, scv, front.utilisation);
  if (!bySlots && front.boundShare > 0 && isBound(front, total, scv))
    front.utilisation = utilisationWithBounds(front, total, rate, Infinity);
  front.slotUse = bySlots ? Math.min(1, (rate * front.utilisation) / Math.max(slotRate, 1e-12)) : 0;
  front.served = Math.min(total, rate * front.utilisation);
  front.remaining = total - front.served;
  front.refused = Math.min(front.arriving, Math.max(0, front.remaining - room(front)));
  front.remaining -= front.refused;
  describeWait(front, scv);
}

/** Content that may remain beside the places that requests in their stages hold. */
function room({ slots, queueLimit, heldBefore, heldPerServed, served }: Front): number {
  return Math.max(0, slots - heldBefore - heldPerServed * served) + queueLimit;
}

/** The waiting time of who arrives now, with the shape of the stationary one, narrower where a backlog dominates. */
function describeWait(front: Front, scv: number): void {
  const { workers, utilisation, served, workMean } = front;
  const busy = busyProbability(front);
  const waiting = Math.max(0, front.remaining - utilisation * workers);
  front.saturated = busy;
  front.waitShare = Math.max(busy, front.slotUse > 0 ? waitProbability(front.slots, front.slotUse) : 0);
  if (!(waiting > 0) || !(front.waitShare > 1e-9)) {
    front.waitMean = 0;
    front.waitScv = 1;
    front.spread = 0;
    return;
  }
  front.waitMean = Math.min(LONGEST_WAIT, served > 0 ? waiting / served / front.waitShare : LONGEST_WAIT);
  const offered = Math.min(0.9999, Math.max(1e-6, (front.arriving * workMean) / workers));
  const stationaryScv = conditionalScv(front, offered);
  const typical = meanQueue(workers, offered, scv) / Math.max(1e-9, waitProbability(workers, offered));
  const variance = typical * typical * stationaryScv;
  const growth = front.arriving + served * scv;
  front.spread = (front.spread + growth) / (1 + growth / Math.max(1e-9, variance));
  const queue = waiting / front.waitShare;
  const limit = Math.min(room(front) - utilisation * workers, mostWaiting(front));
  const bound = spreadBelow(limit, queue) * Math.max(1, stationaryScv);
  front.spread = Math.min(front.spread, bound);
  // The number ahead varies, and so does the time that so many take.
  front.waitScv = Math.min(stationaryScv, front.spread / (queue * queue) + scv / Math.max(1, queue));
}

/**
 * Variance of a number between 0 and a limit, of this mean, where nothing else is known of it: that of the truncated
 * exponential distribution (the one of the largest entropy), exact at both ends and in the middle.
 */
function spreadBelow(limit: number, mean: number): number {
  if (!(limit < Infinity)) return Infinity;
  const distance = Math.max(0, Math.min(mean, limit - mean));
  return distance * distance * (1 - (4 * distance) / (3 * Math.max(limit, 1e-9)));
}

/**
 * Squared coefficient of variation of the wait of those who wait: exact for M/G/1, and used for more workers as Whitt
 * does ("Approximations for the GI/G/m queue", Production and Operations Management 2, 1993).
 */
function conditionalScv({ workSecond, workThird }: Front, utilisation: number): number {
  return Math.max(0, 2 * utilisation - 1 + ((1 - utilisation) * 4 * workThird) / (3 * workSecond * workSecond));
}

/** Whether the bound makes a difference to what is in front at all. */
function isBound(front: Front, total: number, scv: number): boolean {
  const open = meanQueue(front.workers, front.utilisation, scv);
  return !(Math.abs(workerQueue(front, front.utilisation, scv) - open) < NO_DIFFERENCE * total);
}

/** Probability that all workers are busy, as arrivals find them. */
function busyProbability({ workers, utilisation, bound, boundShare }: Front): number {
  const open = waitProbability(workers, utilisation);
  return bound === undefined || boundShare === 0
    ? open
    : boundShare * readQueue(bound.busy, utilisation) + (1 - boundShare) * open;
}

/** Most that can wait for a worker where all need a connection. */
function mostWaiting({ bound, boundShare }: Front): number {
  return bound === undefined || boundShare < 1 ? Infinity : readQueue(bound.waiting, 1);
}

/**
 * Mean number that waits for a worker. Where all need a connection the variability of work counts as far as the bound
 * lets a queue grow; where some do, between the two by their share.
 */
function workerQueue({ workers, bound, boundShare }: Front, utilisation: number, scv: number): number {
  const open = meanQueue(workers, utilisation, scv);
  if (bound === undefined || boundShare === 0) return open;
  const exponential = readQueue(bound.waiting, utilisation);
  const free = open < Infinity ? (exponential * (1 + scv)) / 2 / Math.max(open, 1e-12) : 0;
  const bounded = exponential * (1 + ((scv - 1) / 2) * Math.min(1, free));
  return boundShare < 1 ? boundShare * bounded + (1 - boundShare) * open : bounded;
}

/**
 * All constraints at once: what remains is in service, waits for a worker or waits for a place. Places are a second
 * M/G/c queue whose service lasts as long as a request holds one. Bisection; all terms rise with the utilisation.
 */
function utilisationWithBounds(front: Front, total: number, rate: number, slotRate: number): number {
  const scv = Math.max(0, front.workSecond - 1);
  let low = 0;
  let high = Math.min(1, slotRate / rate, total / rate);
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    const needed =
      (rate + front.workers) * middle +
      workerQueue(front, middle, scv) +
      (slotRate < Infinity ? meanQueue(front.slots, (rate * middle) / slotRate, 1) : 0);
    if (needed > total) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Nothing is worked on. */
function standStill(front: Front, total: number): void {
  front.served = 0;
  front.refused = Math.min(front.arriving, Math.max(0, total - room(front)));
  front.remaining = total - front.refused;
  front.utilisation = front.remaining > 0 ? 1 : 0;
  front.saturated = front.utilisation;
  front.slotUse = 0;
  front.spread = 0;
  front.waitShare = 1;
  front.waitMean = LONGEST_WAIT;
  front.waitScv = 0;
}
