import {
  CALM,
  DEFAULT_TRACKER_SETTINGS,
  trackPoint,
  type TrackerState,
} from '../../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import type { Judge, ShadowAnomaly, ShadowHour } from '../data/shadow.repository.js';
import type { ShadowObservation } from '../model-choice.js';

const HOUR_MS = 3_600_000;
/** A score counts at most this much in the mean difference: beyond, everybody agrees that it is far off. */
const LARGEST_SCORE = 10;

type Counts = { -readonly [K in keyof ShadowHour]: ShadowHour[K] };

interface Pair {
  active: TrackerState;
  shadow: TrackerState;
}

/**
 * Adds up what shadows and the active models made of the same points. Both are judged by the same tracker, which
 * this ledger runs for both: what people did to an anomaly (maintenance, feedback) must favour neither.
 */
export class ShadowLedger {
  private hours = new Map<string, Counts>();
  private anomalies = new Map<string, ShadowAnomaly>();
  /** By shadow and environment; only series that are not calm for one of the two. */
  private readonly trackers = new Map<string, Map<number, Pair>>();

  /** Answers how many points both have scored. */
  add(observation: ShadowObservation): number {
    const { seriesIds, activeScores, shadowScores, at, tickMs } = observation;
    const counts = this.countsOf(observation);
    const pairs = this.pairsOf(observation);
    let scored = 0;
    for (let i = 0; i < seriesIds.length; i += 1) {
      const [active, shadow] = [activeScores[i]!, shadowScores[i]!];
      if (Number.isNaN(active) || Number.isNaN(shadow)) continue;
      scored += 1;
      counts.scoreDifference += Math.abs(Math.min(active, LARGEST_SCORE) - Math.min(shadow, LARGEST_SCORE));
      if (active > 1 && shadow > 1) counts.bothAbove += 1;
      else if (active > 1) counts.onlyActive += 1;
      else if (shadow > 1) counts.onlyShadow += 1;
      else counts.bothCalm += 1;
      const id = seriesIds[i]!;
      const pair = pairs.get(id);
      if (!pair && active <= 1 && shadow <= 1) continue;
      const states = pair ?? { active: CALM, shadow: CALM };
      states.active = this.track(observation, counts, 'active', id, states.active, active, at);
      states.shadow = this.track(observation, counts, 'shadow', id, states.shadow, shadow, at);
      if (states.active.phase === 'calm' && states.shadow.phase === 'calm') pairs.delete(id);
      else pairs.set(id, states);
    }
    counts.points += scored;
    counts.seriesSeconds += (scored * tickMs) / 1_000;
    return scored;
  }

  /** What was added since the last call. */
  take(): { readonly hours: readonly ShadowHour[]; readonly anomalies: readonly ShadowAnomaly[] } {
    const taken = { hours: [...this.hours.values()], anomalies: [...this.anomalies.values()] };
    this.hours = new Map();
    this.anomalies = new Map();
    return taken;
  }

  private track(
    { shadowId, environmentId }: ShadowObservation,
    counts: Counts,
    judge: Judge,
    seriesId: number,
    before: TrackerState,
    score: number,
    at: EpochMs,
  ): TrackerState {
    const point = { at, score, value: score, yhat: 0, yhatLower: 0, yhatUpper: 1 };
    const { state, event } = trackPoint(before, point, DEFAULT_TRACKER_SETTINGS);
    if (event.kind !== 'opened' && event.kind !== 'ended') return state;
    if (event.kind === 'opened') {
      if (judge === 'active') counts.activeAnomalies += 1;
      else counts.shadowAnomalies += 1;
    }
    this.anomalies.set(`${shadowId} ${environmentId} ${judge} ${seriesId} ${event.startedAt}`, {
      modelId: shadowId,
      environmentId,
      seriesId,
      judge,
      startedAt: new Date(event.startedAt),
      endedAt: event.kind === 'ended' ? new Date(event.endedAt) : null,
      score: event.peak.score,
    });
    return state;
  }

  private countsOf({ shadowId, environmentId, at }: ShadowObservation): Counts {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    const key = `${shadowId} ${environmentId} ${hour}`;
    let counts = this.hours.get(key);
    if (counts) return counts;
    counts = {
      modelId: shadowId,
      environmentId,
      hour: new Date(hour),
      points: 0,
      seriesSeconds: 0,
      bothCalm: 0,
      bothAbove: 0,
      onlyActive: 0,
      onlyShadow: 0,
      scoreDifference: 0,
      activeAnomalies: 0,
      shadowAnomalies: 0,
    };
    this.hours.set(key, counts);
    return counts;
  }

  private pairsOf({ shadowId, environmentId }: ShadowObservation): Map<number, Pair> {
    const key = `${shadowId} ${environmentId}`;
    let pairs = this.trackers.get(key);
    if (!pairs) this.trackers.set(key, (pairs = new Map()));
    return pairs;
  }
}
