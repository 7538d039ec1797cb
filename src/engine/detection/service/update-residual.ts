import { squaredErrorLimit } from './error-limit.js';
import { orthonormalBasis, solveSymmetric } from './orthonormal-basis.js';
import { MOST_COMPONENTS, type ResidualState } from './residual-state.js';

export interface ResidualSettings {
  /** Points before the residual is given. */
  readonly minimumPoints: number;
  /** Points after which the past counts 1/e in how signals move together. */
  readonly memoryPoints: number;
  /** The same for the level of a signal: slow drifts (a cache that fills, the time of day) are no deviation. */
  readonly levelPoints: number;
  /** And for the size of the usual error. */
  readonly errorPoints: number;
  /** Points of a signal before it counts. */
  readonly minimumSignalPoints: number;
}

/** At 15 s: half an hour until the first word, two days of memory, levels of two hours, errors of twelve. */
export const DEFAULT_RESIDUAL_SETTINGS: ResidualSettings = {
  minimumPoints: 120,
  memoryPoints: 11_520,
  levelPoints: 480,
  errorPoints: 2_880,
  minimumSignalPoints: 60,
};

/** Fewer signals that vary than this cannot tell how they move together. */
const FEWEST_SIGNALS = 4;
/** Standardised values beyond this are taken as this when the model learns (Huber 1964). */
const CLIP_LEARNED = 3;
/** One signal counts at most this many of its usual errors: single series have detectors of their own. */
const CLIP_ERROR = 12;
/** Errors beyond this many usual ones count less when a point is fitted (Huber's weights). */
const HUBER = 1.5;
const FIT_ROUNDS = 3;
/** A component more while these explain less than the first share, one less when the rest explains the second. */
const EXPLAINED = { enough: 0.85, plenty: 0.93 } as const;
/** Amnesic parameter of candid covariance-free incremental PCA: newer points weigh more, as its authors advise. */
const AMNESIC = 2;
/** How much faster than a plain mean the usual error forgets its beginning. */
const EARLY = 4;
/** 99.9 % of the standard normal distribution. */
const CONFIDENCE = 3.09;
/** However far a point is off, it counts so much: what stays that way becomes normal within hours. */
const LEAST_WEIGHT = 0.05;
/** What a deviation is measured against is never less than these shares of the signal's usual size, and of its spread. */
const LEAST_SPREAD = 0.01;
const LEAST_ERROR = 0.05;
/** The same by what anybody cares about: shares of the signal's level, and of the least deviation that counts there. */
const LEAST_SHARE = 0.025;
const LEAST_COUNTED = 1 / 8;
/** Mean absolute deviation to standard deviation, for normal noise. */
const MEAN_ABSOLUTE_TO_SD = 1.2533;

/** What is known of the signals of a service apart from their values; entry j belongs to signal j. */
export interface SignalWeights {
  /**
   * Smallest deviation that counts, in the unit of the signal: what stands still until a pod is added would else be far
   * off by one. Null: nothing is known.
   */
  readonly least: Float64Array | null;
  /** How many times as far off as usual a signal may be at this point, since it is an estimate. Null: none is. */
  readonly doubt: Float64Array | null;
}

const NO_WEIGHTS: SignalWeights = { least: null, doubt: null };

/** Room for the work of one point, shared by all services of a thread. */
export interface ResidualWork {
  standardised: Float64Array;
  errors: Float64Array;
  known: Uint8Array;
  /** Usual error of each signal, in its spreads, never less than what is worth counting. */
  usual: Float64Array;
  basis: Float64Array;
  rest: Float64Array;
  normal: Float64Array;
  scores: Float64Array;
}

export function createResidualWork(): ResidualWork {
  return workOf(64);
}

/**
 * How far a service is, at one point in time, from how its signals usually move together; then learns from it.
 *
 * Streaming robust PCA: signals are standardised by robust running means and deviations; components come from candid
 * covariance-free incremental PCA (Weng, Zhang and Hwang, IEEE TPAMI 25, 2003) over points that are clipped (Huber) and
 * weigh less the farther they are off, so that a fault does not become the model; the point is fitted to them by
 * Huber's weights, so that one wild signal does not move what the others say. The squared prediction error, each signal
 * measured by its own usual error, is divided by its limit (`squaredErrorLimit`).
 *
 * @param values one per signal; NaN where nothing is known: such signals are left out
 * @param contributions filled with each signal's share of the squared error, 0 to 1
 * @param learn false for points that are known not to be normal
 * @returns square root of error over limit: 1 is the limit of 99.9 % of calm points; NaN while learning
 */
export function updateResidual(
  state: ResidualState,
  values: Float64Array,
  contributions: Float64Array,
  work: ResidualWork,
  settings: ResidualSettings = DEFAULT_RESIDUAL_SETTINGS,
  learn = true,
  weights: SignalWeights = NO_WEIGHTS,
): number {
  const { signals: k } = state;
  if (work.standardised.length < k) Object.assign(work, workOf(2 * k));
  const known = standardise(state, values, work, settings, weights);
  contributions.fill(0, 0, k);
  // A service of which nothing is known at all: time alone teaches nothing.
  if (!anyFinite(values, k)) return NaN;
  let residual = NaN;
  let weight = 1;
  if (state.points >= settings.minimumSignalPoints && known >= FEWEST_SIGNALS) {
    fit(state, work);
    const error = squaredError(state, work, contributions);
    // Never below what it is when every signal is as far off as usual.
    const limit = Math.max(state.signals, squaredErrorLimit(state.errorMean, state.errorVariance, CONFIDENCE) || 0);
    if (error > limit) weight = Math.max(LEAST_WEIGHT, limit / error);
    if (state.points >= settings.minimumPoints) residual = Math.sqrt(error / limit);
    if (learn) learnErrors(state, work, error, limit, settings);
  }
  if (learn) {
    learnComponents(state, work, weight, settings);
    learnSignals(state, values, weight, settings);
    state.points += 1;
  }
  return residual;
}

function workOf(signals: number): ResidualWork {
  return {
    standardised: new Float64Array(signals),
    errors: new Float64Array(signals),
    known: new Uint8Array(signals),
    usual: new Float64Array(signals),
    basis: new Float64Array(MOST_COMPONENTS * signals),
    rest: new Float64Array(signals),
    normal: new Float64Array(MOST_COMPONENTS * MOST_COMPONENTS),
    scores: new Float64Array(MOST_COMPONENTS),
  };
}

/** Number of signals that count at this point. */
function standardise(
  state: ResidualState,
  values: Float64Array,
  work: ResidualWork,
  settings: ResidualSettings,
  { least, doubt }: SignalWeights,
): number {
  let count = 0;
  for (let j = 0; j < state.signals; j += 1) {
    // What never varied goes with nothing.
    const usable =
      Number.isFinite(values[j]!) && state.seen[j]! >= settings.minimumSignalPoints && state.spread[j]! > 0;
    work.known[j] = usable ? 1 : 0;
    if (!usable) {
      work.standardised[j] = 0;
      continue;
    }
    const spread = spreadOf(state, j);
    work.standardised[j] = (values[j]! - state.centre[j]!) / spread;
    const counted = least === null ? 0 : Math.max(LEAST_COUNTED * least[j]!, LEAST_SHARE * Math.abs(state.centre[j]!));
    const usual = Math.max(state.unexplained[j]!, LEAST_ERROR, counted / spread);
    work.usual[j] = doubt === null ? usual : usual * doubt[j]!;
    count += 1;
  }
  return count;
}

function anyFinite(values: Float64Array, k: number): boolean {
  for (let j = 0; j < k; j += 1) if (Number.isFinite(values[j]!)) return true;
  return false;
}

function spreadOf(state: ResidualState, j: number): number {
  return Math.max(state.spread[j]!, LEAST_SPREAD * Math.abs(state.centre[j]!), 1e-9);
}

/** Errors of the point after the components explained what they can: iteratively reweighted least squares. */
function fit(state: ResidualState, work: ResidualWork): void {
  const { signals: k, rank } = state;
  const { standardised, errors, known, basis, normal, scores } = work;
  for (let j = 0; j < k; j += 1) errors[j] = standardised[j]!;
  if (rank === 0) return;
  orthonormalBasis(state.components, k, rank, basis);
  for (let round = 0; round < FIT_ROUNDS; round += 1) {
    normal.fill(0);
    scores.fill(0);
    for (let j = 0; j < k; j += 1) {
      if (known[j] === 0) continue;
      const scale = 1 / work.usual[j]!;
      const size = Math.abs(errors[j]!) * scale;
      const weight = (round === 0 || size <= HUBER ? 1 : HUBER / size) * scale * scale;
      for (let a = 0; a < rank; a += 1) {
        const loading = basis[a * k + j]! * weight;
        scores[a] = scores[a]! + loading * standardised[j]!;
        for (let b = 0; b <= a; b += 1) normal[a * rank + b] = normal[a * rank + b]! + loading * basis[b * k + j]!;
      }
    }
    solveSymmetric(normal, scores, rank, 1e-3);
    for (let j = 0; j < k; j += 1) {
      let explained = 0;
      for (let a = 0; a < rank; a += 1) explained += basis[a * k + j]! * scores[a]!;
      errors[j] = known[j] === 1 ? standardised[j]! - explained : 0;
    }
  }
}

function squaredError(state: ResidualState, work: ResidualWork, contributions: Float64Array): number {
  const { signals: k } = state;
  let sum = 0;
  let shares = 0;
  let known = 0;
  for (let j = 0; j < k; j += 1) {
    if (work.known[j] === 0) continue;
    const size = Math.abs(work.errors[j]!) / work.usual[j]!;
    const clipped = Math.min(CLIP_ERROR, size);
    contributions[j] = size * size;
    shares += size * size;
    sum += clipped * clipped;
    known += 1;
  }
  if (shares > 0) for (let j = 0; j < k; j += 1) contributions[j] = contributions[j]! / shares;
  // As of all signals, where some are unknown: the limit is that of all.
  return known === 0 ? 0 : (sum * k) / known;
}

/** Share of the newest point in a running mean: all points alike at first, then a fading memory. */
function rateOf(points: number, memoryPoints: number): number {
  return Math.max(1 / (points + 1), 1 / memoryPoints);
}

/** Sizes are learned from clipped errors, all with the same weight: weighing the great ones less would shrink them away. */
function learnErrors(
  state: ResidualState,
  work: ResidualWork,
  error: number,
  limit: number,
  settings: ResidualSettings,
): void {
  // The first errors are of a model that knows little: newer ones weigh more.
  const points = state.points - settings.minimumSignalPoints;
  const rate = Math.min(1, EARLY * rateOf(points, EARLY * settings.errorPoints));
  const clipped = Math.min(error, limit);
  const off = clipped - state.errorMean;
  state.errorMean += rate * off;
  state.errorVariance = (1 - rate) * (state.errorVariance + rate * off * off);
  for (let j = 0; j < state.signals; j += 1) {
    if (work.known[j] === 0) continue;
    const size = MEAN_ABSOLUTE_TO_SD * Math.abs(work.errors[j]!);
    const own = state.unexplained[j]!;
    const bounded = own > 0 ? Math.min(size, 4 * Math.max(own, LEAST_ERROR)) : Math.min(size, CLIP_LEARNED);
    state.unexplained[j] = own + rate * (bounded - own);
  }
}

function learnComponents(state: ResidualState, work: ResidualWork, weight: number, settings: ResidualSettings): void {
  const { signals: k, components } = state;
  const { rest, standardised } = work;
  if (state.points < settings.minimumSignalPoints) return;
  const n = Math.min(state.points - settings.minimumSignalPoints + 1, settings.memoryPoints);
  const amnesic = n > 4 * AMNESIC ? AMNESIC : 0;
  const fresh = Math.min(1, ((1 + amnesic) / n) * weight);
  let length = 0;
  for (let j = 0; j < k; j += 1) {
    rest[j] = Math.max(-CLIP_LEARNED, Math.min(CLIP_LEARNED, standardised[j]!));
    length += rest[j]! * rest[j]!;
  }
  state.total += fresh * (length - state.total);
  for (let c = 0; c < MOST_COMPONENTS && c < k; c += 1) learnComponent(components, c * k, k, rest, fresh);
  chooseRank(state);
}

/** One step of CCIPCA for the component at `at`; takes its part out of `rest`, so that the next sees what is left. */
function learnComponent(components: Float64Array, at: number, k: number, rest: Float64Array, fresh: number): void {
  let norm = 0;
  let dot = 0;
  for (let j = 0; j < k; j += 1) {
    norm += components[at + j]! * components[at + j]!;
    dot += components[at + j]! * rest[j]!;
  }
  norm = Math.sqrt(norm);
  if (norm === 0) {
    for (let j = 0; j < k; j += 1) {
      components[at + j] = rest[j]!;
      rest[j] = 0;
    }
    return;
  }
  const pull = (fresh * dot) / norm;
  let after = 0;
  let left = 0;
  for (let j = 0; j < k; j += 1) {
    const value = (1 - fresh) * components[at + j]! + pull * rest[j]!;
    components[at + j] = value;
    after += value * value;
    left += value * rest[j]!;
  }
  if (after > 0) for (let j = 0; j < k; j += 1) rest[j] = rest[j]! - (left / after) * components[at + j]!;
}

/** The rank that explains enough, with some play so that it does not flicker. */
function chooseRank(state: ResidualState): void {
  const { signals: k, components, total } = state;
  const most = Math.min(MOST_COMPONENTS, Math.floor(k / 3));
  let explained = 0;
  let fewer = 0;
  for (let c = 0; c < state.rank; c += 1) {
    fewer = explained;
    explained += lengthOf(components, c * k, k);
  }
  if (explained < EXPLAINED.enough * total && state.rank < most) state.rank += 1;
  else if (state.rank > 1 && fewer > EXPLAINED.plenty * total) state.rank -= 1;
}

function lengthOf(components: Float64Array, at: number, k: number): number {
  let sum = 0;
  for (let j = 0; j < k; j += 1) sum += components[at + j]! * components[at + j]!;
  return Math.sqrt(sum);
}

function learnSignals(state: ResidualState, values: Float64Array, weight: number, settings: ResidualSettings): void {
  for (let j = 0; j < state.signals; j += 1) {
    const value = values[j]!;
    if (!Number.isFinite(value)) continue;
    const seen = state.seen[j]!;
    if (seen === 0) {
      state.centre[j] = value;
    } else {
      const trust = seen < settings.minimumSignalPoints ? 1 : weight;
      const rate = rateOf(seen, settings.memoryPoints);
      const levelRate = rateOf(seen, settings.levelPoints) * trust;
      const off = value - state.centre[j]!;
      const reach = CLIP_LEARNED * Math.max(spreadOf(state, j), seen < 8 ? Math.abs(off) : 0);
      const bounded = Math.max(-reach, Math.min(reach, off));
      state.centre[j] = state.centre[j]! + levelRate * bounded;
      state.spread[j] = state.spread[j]! + rate * (MEAN_ABSOLUTE_TO_SD * Math.abs(bounded) - state.spread[j]!);
    }
    state.seen[j] = seen + 1;
  }
}
