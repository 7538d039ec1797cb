import type { SloSpec } from '../../scenario/scenario.types.js';
import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import type { AccountState, Harm, SloAccount, SloMemory } from './account.types.js';

/** Stretches of harm with a pause of at most this many seconds between them count as one. */
export const HARM_GAP = 60;

/** So many stretches are kept for each SLO: the longest. */
export const MAX_HARMS = 1000;

/** Share of the requests that may be off by rounding when they are compared with the objective. */
const ROUNDING = 1e-9;

export function createSloAccount(name: string): SloAccount {
  return { name, good: 0, bad: 0, harms: [], harmCount: 0, harmSeconds: 0 };
}

export function createSloMemory(): SloMemory {
  const window = () => new Float64Array(HARM_GAP);
  return {
    good: 0,
    finished: 0,
    goodBefore: window(),
    badBefore: window(),
    harmedAt: -1,
    openBad: 0,
    openTotal: 0,
  };
}

/**
 * Counts the requests of the step that were answered without error within the SLO's latency, and all others that
 * ended. A step harms where the share of bad requests is above what the objective allows, unless that may be chance,
 * as one failure among the five requests of a second is: it must be above over the last minute too, or above by more
 * than three standard deviations of a Poisson count and two requests.
 */
export function accountSlo(fleet: Fleet, state: SimulationState, index: number): void {
  const place = placesOf(fleet)[index]!;
  const { flows, step, account } = state;
  const slo = account.slos[index]!;
  const memory = account.memory.slos[index]!;
  const good = goodSoFar(flows.userBuckets, place);
  const finished = flows.userOk[place.entry]! + flows.userFailed[place.entry]!;
  const newGood = good - memory.good;
  const newBad = Math.max(0, finished - memory.finished - newGood);
  memory.good = good;
  memory.finished = finished;
  memory.goodBefore[step % HARM_GAP] = slo.good;
  memory.badBefore[step % HARM_GAP] = slo.bad;
  // The next slot is the oldest: what was counted before the first step of this minute.
  const oldest = step < HARM_GAP ? 0 : (step + 1) % HARM_GAP;
  slo.good += newGood;
  slo.bad += newBad;
  const lastMinuteGood = slo.good - memory.goodBefore[oldest]!;
  const lastMinuteBad = slo.bad - memory.badBefore[oldest]!;
  const harmed =
    isAbove(newGood, newBad, place.allowed) &&
    (isAbove(lastMinuteGood, lastMinuteBad, place.allowed) || isNoChance(newGood, newBad, place.allowed));
  if (harmed) extendHarm(account, slo, memory, step, newGood, newBad);
  else if (memory.harmedAt >= 0 && step - memory.harmedAt > HARM_GAP) closeHarm(slo, memory);
}

interface SloPlace {
  readonly entry: number;
  /** Buckets of `userBuckets` that hold good answers: from `first`, before `end`. */
  readonly first: number;
  readonly end: number;
  readonly allowed: number;
}

const PLACES = new WeakMap<Fleet, readonly SloPlace[]>();

function placesOf(fleet: Fleet): readonly SloPlace[] {
  let places = PLACES.get(fleet);
  if (places === undefined) PLACES.set(fleet, (places = fleet.scenario.slos.map((slo) => placeOf(fleet, slo))));
  return places;
}

function placeOf({ scenario, network }: Fleet, slo: SloSpec): SloPlace {
  const entry = scenario.load.findIndex(({ name }) => name === slo.entryPoint);
  const stride = network.userBounds.length + 1;
  const within = network.userBounds.filter((bound) => bound <= slo.latency).length;
  const first = entry * stride;
  return { entry, first, end: first + (slo.latency === Infinity ? stride : within), allowed: 1 - slo.objective };
}

function goodSoFar(buckets: Float64Array, { first, end }: SloPlace): number {
  let good = 0;
  for (let i = first; i < end; i++) good += buckets[i]!;
  return good;
}

function isAbove(good: number, bad: number, allowed: number): boolean {
  return bad > (allowed + ROUNDING) * (good + bad);
}

function isNoChance(good: number, bad: number, allowed: number): boolean {
  const expected = allowed * (good + bad);
  return bad > expected + 3 * Math.sqrt(expected) + 2;
}

function extendHarm(
  account: AccountState,
  slo: SloAccount,
  memory: SloMemory,
  step: number,
  newGood: number,
  newBad: number,
): void {
  if (memory.harmedAt < 0) {
    memory.openBad = slo.bad - newBad;
    memory.openTotal = slo.good + slo.bad - newGood - newBad;
    slo.harms.push({ from: step, to: -1, bad: 0, total: 0 });
  }
  const open = slo.harms.at(-1)!;
  open.bad = slo.bad - memory.openBad;
  open.total = slo.good + slo.bad - memory.openTotal;
  memory.harmedAt = step;
  account.memory.lastHarmAt = step;
}

function closeHarm(slo: SloAccount, memory: SloMemory): void {
  const open = slo.harms.at(-1)!;
  open.to = memory.harmedAt + 1;
  memory.harmedAt = -1;
  slo.harmCount += 1;
  slo.harmSeconds += open.to - open.from;
  if (slo.harms.length > MAX_HARMS) dropShortest(slo.harms);
}

/** The oldest of the shortest goes; all of them are over. */
function dropShortest(harms: Harm[]): void {
  let shortest = 0;
  for (let i = 1; i < harms.length; i++) {
    if (harms[i]!.to - harms[i]!.from < harms[shortest]!.to - harms[shortest]!.from) shortest = i;
  }
  harms.splice(shortest, 1);
}
