/** Most components of a service's model. */
export const MOST_COMPONENTS = 4;

/**
 * What is remembered of how the signals of a service move together: for k signals 8 (k (4 + 4) + 8) bytes, so 2.6 KB for
 * 40. Entry j of every list belongs to signal j.
 */
export interface ResidualState {
  readonly signals: number;
  /** Points with a value, by signal. */
  readonly seen: Float64Array;
  /** Robust mean and standard deviation of each signal, in its unit. */
  readonly centre: Float64Array;
  readonly spread: Float64Array;
  /** Robust standard deviation of what the model leaves unexplained, in `spread`s. */
  readonly unexplained: Float64Array;
  /** Row i is the i-th component, as long as its variance (Weng et al. 2003); `signals` numbers a row. */
  readonly components: Float64Array;
  /** Points learned from. */
  points: number;
  /** Components in use. */
  rank: number;
  /** Mean and variance of the squared prediction error; and of the squared length of standardised points, its mean. */
  errorMean: number;
  errorVariance: number;
  total: number;
}

export function createResidualState(signals: number): ResidualState {
  return {
    signals,
    seen: new Float64Array(signals),
    centre: new Float64Array(signals),
    spread: new Float64Array(signals),
    unexplained: new Float64Array(signals),
    components: new Float64Array(MOST_COMPONENTS * signals),
    points: 0,
    rank: 0,
    errorMean: 0,
    errorVariance: 0,
    total: 0,
  };
}

/**
 * The state for another list of signals: what is known of those that stay is kept, new ones begin.
 *
 * @param from for each new signal where it was in the list before, -1 where it is new
 */
export function rearrangeResidualState(state: ResidualState, from: Int32Array): ResidualState {
  const next = createResidualState(from.length);
  for (let j = 0; j < from.length; j += 1) {
    const old = from[j]!;
    if (old < 0) continue;
    next.seen[j] = state.seen[old]!;
    next.centre[j] = state.centre[old]!;
    next.spread[j] = state.spread[old]!;
    next.unexplained[j] = state.unexplained[old]!;
    for (let c = 0; c < MOST_COMPONENTS; c += 1) {
      next.components[c * from.length + j] = state.components[c * state.signals + old]!;
    }
  }
  const { points, rank, errorMean, errorVariance, total } = state;
  return Object.assign(next, { points, rank, errorMean, errorVariance, total });
}

const VERSION = 1;
const SCALARS = 7;

export function serialiseResidualState(state: ResidualState): Uint8Array {
  const { signals } = state;
  const numbers = new Float64Array(SCALARS + signals * (4 + MOST_COMPONENTS));
  const { points, rank, errorMean, errorVariance, total } = state;
  numbers.set([VERSION, signals, points, rank, errorMean, errorVariance, total]);
  let at = SCALARS;
  for (const list of [state.seen, state.centre, state.spread, state.unexplained, state.components]) {
    numbers.set(list, at);
    at += list.length;
  }
  return new Uint8Array(numbers.buffer);
}

/** Null where the bytes are of another version or damaged: the service learns anew then. */
export function restoreResidualState(bytes: Uint8Array): ResidualState | null {
  if (bytes.byteLength < 8 * SCALARS || bytes.byteLength % 8 !== 0) return null;
  const numbers = new Float64Array(bytes.slice().buffer);
  const [version, signals, points, rank, errorMean, errorVariance, total] = numbers;
  if (version !== VERSION || numbers.length !== SCALARS + signals! * (4 + MOST_COMPONENTS)) return null;
  const state = createResidualState(signals!);
  let at = SCALARS;
  for (const list of [state.seen, state.centre, state.spread, state.unexplained, state.components]) {
    list.set(numbers.subarray(at, at + list.length));
    at += list.length;
  }
  return Object.assign(state, { points, rank, errorMean, errorVariance, total });
}
