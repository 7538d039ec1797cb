import type { EpochMs } from '../../kernel/clock.js';

/** One scored point of a series. */
export interface ScoredPoint {
  readonly at: EpochMs;
  readonly score: number;
  readonly value: number;
  readonly yhat: number;
  readonly yhatLower: number;
  readonly yhatUpper: number;
}

export interface TrackerSettings {
  /** This many points above 1 in a row open an anomaly. */
  readonly openAfter: number;
  /** So do `points` above 1 among the last `of` (at most 16), which catches what blinks. */
  readonly openShare: { readonly points: number; readonly of: number };
  /** An open anomaly ends after this many calm points in a row. */
  readonly closeAfter: number;
  /** Calm is a score at or below this; between it and 1 an open anomaly stays open (hysteresis). */
  readonly closeBelow: number;
  /** After this many points an anomaly is the new normal: it ends and the detector learns the level. */
  readonly adoptAfter: number;
}

export const DEFAULT_TRACKER_SETTINGS: TrackerSettings = {
  openAfter: 2,
  openShare: { points: 3, of: 5 },
  closeAfter: 6,
  closeBelow: 0.8,
  adoptAfter: 240,
};

export interface TrackerState {
  readonly phase: 'calm' | 'candidate' | 'open';
  /** Newest point in bit 0; 1 means above the boundary. Counts only points since `startedAt`. */
  readonly recent: number;
  /** Points since `startedAt`, it included. */
  readonly points: number;
  readonly calmPoints: number;
  /** First point of the current run of calm points. */
  readonly calmSince: EpochMs | null;
  /** First point above the boundary of the candidate or open anomaly. */
  readonly startedAt: EpochMs | null;
  readonly peak: ScoredPoint | null;
}

export const CALM: TrackerState = {
  phase: 'calm',
  recent: 0,
  points: 0,
  calmPoints: 0,
  calmSince: null,
  startedAt: null,
  peak: null,
};

export type TrackerEvent =
  | { readonly kind: 'none' }
  /** A first point above the boundary: not yet an anomaly. */
  | { readonly kind: 'suspected' }
  /** It was a single spike. */
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'opened'; readonly startedAt: EpochMs; readonly peak: ScoredPoint }
  /** Still open, with a higher score than before. */
  | { readonly kind: 'peaked'; readonly startedAt: EpochMs; readonly peak: ScoredPoint }
  | {
      readonly kind: 'ended';
      readonly startedAt: EpochMs;
      /** First calm point; exclusive end of the stretch. */
      readonly endedAt: EpochMs;
      readonly peak: ScoredPoint;
      /** True when it lasted so long that the level is the new normal. */
      readonly adopted: boolean;
    };

const NONE: TrackerEvent = { kind: 'none' };

/**
 * Turns scores into anomalies: persistence to open, hysteresis and calm points to end, so that one spike opens
 * nothing and one calm point ends nothing. A pure step function; missing points are simply not given to it.
 */
export function trackPoint(
  state: TrackerState,
  point: ScoredPoint,
  settings: TrackerSettings,
): { readonly state: TrackerState; readonly event: TrackerEvent } {
  if (state.phase === 'open') return trackOpen(state, point, settings);
  const above = point.score > 1;
  if (state.phase === 'calm' && !above) return { state, event: NONE };

  const recent = ((state.recent << 1) | (above ? 1 : 0)) & ((1 << settings.openShare.of) - 1);
  const next: TrackerState = {
    phase: 'candidate',
    recent,
    points: state.points + 1,
    calmPoints: 0,
    calmSince: null,
    startedAt: state.startedAt ?? point.at,
    peak: higher(state.peak, point),
  };
  if (holds(recent, settings)) {
    const opened = { ...next, phase: 'open' as const };
    return { state: opened, event: { kind: 'opened', startedAt: opened.startedAt!, peak: opened.peak! } };
  }
  if (next.points >= settings.openShare.of) return { state: CALM, event: { kind: 'dismissed' } };
  return { state: next, event: state.phase === 'calm' ? { kind: 'suspected' } : NONE };
}

function trackOpen(state: TrackerState, point: ScoredPoint, settings: TrackerSettings) {
  const calm = point.score <= settings.closeBelow;
  const peak = higher(state.peak, point);
  const next: TrackerState = {
    ...state,
    points: state.points + 1,
    calmPoints: calm ? state.calmPoints + 1 : 0,
    calmSince: calm ? (state.calmSince ?? point.at) : null,
    peak,
  };
  const startedAt = state.startedAt!;
  if (next.calmPoints >= settings.closeAfter) {
    const event = { kind: 'ended', startedAt, endedAt: next.calmSince!, peak, adopted: false } as const;
    return { state: CALM, event };
  }
  if (next.points >= settings.adoptAfter) {
    return { state: CALM, event: { kind: 'ended', startedAt, endedAt: point.at, peak, adopted: true } as const };
  }
  const event: TrackerEvent = peak === state.peak ? NONE : { kind: 'peaked', startedAt, peak };
  return { state: next, event };
}

function holds(recent: number, settings: TrackerSettings): boolean {
  const run = (1 << settings.openAfter) - 1;
  if ((recent & run) === run) return true;
  let above = 0;
  for (let bits = recent; bits !== 0; bits &= bits - 1) above += 1;
  return above >= settings.openShare.points;
}

function higher(peak: ScoredPoint | null, point: ScoredPoint): ScoredPoint {
  return peak === null || point.score > peak.score ? point : peak;
}
