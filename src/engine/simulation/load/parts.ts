import type { LoadPartSpec } from '../../scenario/load.types.js';
import { createRandom, nextExponential, nextNormal } from '../random/random.js';
import type { Calendar } from './calendar.js';
import type { BurstState, NoiseState } from './load-state.types.js';

type Part<Kind extends LoadPartSpec['kind']> = Extract<LoadPartSpec, { kind: Kind }>;
type PartState = NoiseState | BurstState | null;

const DAY = 86_400;
/** Hours around midnight over which one day's factor passes into the next: users do not change at the stroke of twelve. */
const MIDNIGHT = 1;

export function createPart(part: LoadPartSpec, seed: number, purpose: string): PartState {
  if (part.kind !== 'noise' && part.kind !== 'bursts') return null;
  const stream = createRandom(seed, `${purpose}/${part.kind}`);
  if (part.kind === 'noise') return { stream, value: nextNormal(stream) };
  return { stream, nextAt: nextExponential(stream, DAY / part.perDay), endsAt: -1 };
}

/** The factor of one part during the second that starts at `time` seconds. Advances the part's state. */
export function partFactor(
  part: Exclude<LoadPartSpec, { kind: 'replay' }>,
  state: PartState,
  time: number,
  calendar: Calendar,
): number {
  switch (part.kind) {
    case 'daily':
      return dailyFactor(part, calendar.hour);
    case 'weekly':
      return weeklyFactor(part, calendar);
    case 'trend':
      return (1 + part.perDay) ** calendar.elapsedDays;
    case 'noise':
      return noiseFactor(part, state as NoiseState);
    case 'bursts':
      return burstFactor(part, state as BurstState, time);
    case 'flash-crowd':
      return 1 + (part.factor - 1) * crowdShare(part, time);
    case 'ramp':
      return part.from + (part.to - part.from) * clamp((time - part.at) / part.duration);
  }
}

/** Arrivals per second of a recorded series; before its first point the first value. */
export function replayRate({ times, values, repeat }: Part<'replay'>, time: number): number {
  const last = times.length - 1;
  if (last < 0) return 0;
  const end = times[last]!;
  const at = repeat && end > 0 ? time % end : time;
  if (at <= times[0]!) return values[0]!;
  if (at >= end) return values[last]!;
  let low = 0;
  for (let high = last; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= at) low = middle;
    else high = middle;
  }
  const share = (at - times[low]!) / (times[low + 1]! - times[low]!);
  return values[low]! + (values[low + 1]! - values[low]!) * share;
}

function dailyFactor({ amplitude, peak, sharpness }: Part<'daily'>, hour: number): number {
  const height = (1 + Math.cos((2 * Math.PI * (hour - peak)) / 24)) / 2;
  return 1 + amplitude * (2 * height ** sharpness - 1);
}

function weeklyFactor({ days }: Part<'weekly'>, { day, hour }: Calendar): number {
  const today = days[day] ?? 1;
  const half = MIDNIGHT / 2;
  if (hour < half) return mix(days[(day + 6) % 7] ?? 1, today, 0.5 + hour / MIDNIGHT);
  if (hour > 24 - half) return mix(today, days[(day + 1) % 7] ?? 1, (hour - 24 + half) / MIDNIGHT);
  return today;
}

/** exp(sigma X - sigma^2 / 2) has mean 1 and coefficient of variation cv where sigma^2 = ln(1 + cv^2). */
function noiseFactor({ cv, correlation }: Part<'noise'>, state: NoiseState): number {
  const variance = Math.log(1 + cv * cv);
  const factor = Math.exp(Math.sqrt(variance) * state.value - variance / 2);
  const kept = correlation > 0 ? Math.exp(-1 / correlation) : 0;
  state.value = kept * state.value + Math.sqrt(1 - kept * kept) * nextNormal(state.stream);
  return factor;
}

/** A burst that begins during another prolongs it. */
function burstFactor({ perDay, factor, duration }: Part<'bursts'>, state: BurstState, time: number): number {
  while (state.nextAt <= time) {
    state.endsAt = state.nextAt + duration;
    state.nextAt += nextExponential(state.stream, DAY / perDay);
  }
  return time < state.endsAt ? factor : 1;
}

function crowdShare({ at, rise, hold, decay }: Part<'flash-crowd'>, time: number): number {
  if (time < at) return 0;
  const since = time - at;
  if (since < rise) return since / rise;
  const after = since - rise - hold;
  if (after < 0) return 1;
  return decay > 0 ? Math.exp(-after / decay) : 0;
}

/** 0 to 1; of no length (0 / 0) counts as over. */
function clamp(share: number): number {
  return share >= 1 || Number.isNaN(share) ? 1 : Math.max(0, share);
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
