import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';

export type FeedbackKind = 'not-an-anomaly' | 'missed';
export type FeedbackScope = 'series' | 'like';
export type ChannelFactors = Readonly<Record<string, number>>;

/** One opinion of a user, as far as scoring must know it. */
export interface Feedback {
  readonly scope: FeedbackScope;
  readonly seriesId: number;
  /** Of the series it was said about. */
  readonly labels: Labels;
  readonly factors: ChannelFactors;
}

/** However often feedback is given, a channel is never calmed beyond this factor: a real outage must still be seen. */
export const LARGEST_FACTOR = 100;
/** Nor sharpened beyond this one, where noise would begin to call. */
export const SMALLEST_FACTOR = 1 / 10;
/** How far below or above the boundary the stretch would score afterwards. */
const CLEARANCE = 1.05;

/** Labels that say which part of a system a series belongs to, the most telling first. */
const BELONGING = ['service', 'service_name', 'job', 'app', 'container', 'deployment'] as const;

/** The label that makes series alike beside the metric name, or null where none of them is set. */
export function belongingOf(labels: Labels): { readonly name: string; readonly value: string } | null {
  for (const name of BELONGING) if (labels[name]) return { name, value: labels[name] };
  return null;
}

/** Same metric and, where there is one, the same service or job. */
export function isLike(one: Labels, other: Labels): boolean {
  if (one[METRIC_NAME_LABEL] !== other[METRIC_NAME_LABEL]) return false;
  const belonging = belongingOf(one);
  return belonging === null ? belongingOf(other) === null : other[belonging.name] === belonging.value;
}

export function concerns(feedback: Feedback, seriesId: number, labels: Labels): boolean {
  return feedback.seriesId === seriesId || (feedback.scope === 'like' && isLike(feedback.labels, labels));
}

/** Factors of a series from all feedback that concerns it; undefined where there is none. */
export function factorsOf(feedback: readonly Feedback[], seriesId: number, labels: Labels): ChannelFactors | undefined {
  let factors: Record<string, number> | undefined;
  for (const one of feedback) {
    if (!concerns(one, seriesId, labels)) continue;
    factors ??= {};
    for (const [channel, factor] of Object.entries(one.factors)) {
      factors[channel] = bounded((factors[channel] ?? 1) * factor);
    }
  }
  return factors;
}

/**
 * What the feedback multiplies the factors of channels by, so that the stretch would score just below 1 (not an
 * anomaly) or just above (missed one). A channel's score is divided by its factor.
 *
 * @param contributions score of each channel at each point of the stretch, NaN where it was not scored
 * @param fixed channels that state a rule of the operator and cannot be talked out of it (`range`)
 */
export function factorsFor(
  kind: FeedbackKind,
  contributions: Readonly<Record<string, ArrayLike<number>>>,
  fixed: ReadonlySet<string> = new Set(['range']),
): ChannelFactors {
  const open = Object.entries(contributions).filter(([channel]) => !fixed.has(channel));
  if (kind === 'not-an-anomaly') {
    const loud = open.map(([channel, scores]) => [channel, highest(scores)] as const).filter(([, peak]) => peak > 1);
    return Object.fromEntries(loud.map(([channel, peak]) => [channel, bounded(peak * CLEARANCE)]));
  }
  let best: readonly [string, number] | undefined;
  for (const [channel, scores] of open) {
    const held = highestHeld(scores);
    if (held > 0 && (best === undefined || held > best[1])) best = [channel, held];
  }
  if (best === undefined || best[1] > 1) return {};
  return { [best[0]]: bounded(best[1] / CLEARANCE) };
}

function bounded(factor: number): number {
  return Math.min(LARGEST_FACTOR, Math.max(SMALLEST_FACTOR, factor));
}

function highest(scores: ArrayLike<number>): number {
  let peak = 0;
  for (let i = 0; i < scores.length; i += 1) if (scores[i]! > peak) peak = scores[i]!;
  return peak;
}

/** The highest score that two points in a row reach: what opens an anomaly. */
function highestHeld(scores: ArrayLike<number>): number {
  if (scores.length === 1) return highest(scores);
  let held = 0;
  for (let i = 1; i < scores.length; i += 1) held = Math.max(held, Math.min(scores[i - 1]! || 0, scores[i]! || 0));
  return held;
}
