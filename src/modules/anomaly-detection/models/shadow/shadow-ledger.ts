import {
  CALM,
  DEFAULT_TRACKER_SETTINGS,
  trackPoint,
  type TrackerState,
} from '../../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import type { Judge, ShadowAnomaly, ShadowHour } from '../data/shadow.repository.js';
import { emptyHour, type ShadowCount, type ShadowPair, type ShadowWrites } from './shadow-count.js';

const HOUR_MS = 3_600_000;
/** A score counts at most this much in the mean difference: beyond, everybody agrees that it is far off. */
const LARGEST_SCORE = 10;
const JUDGES = ['active', 'shadow'] as const;

/** One tick of some series, as the active models and a shadow scored it. Entry i of each column is one series. */
export interface ShadowObservation {
  readonly shadowId: string;
  readonly at: EpochMs;
  readonly tickMs: number;
  readonly seriesIds: Int32Array;
  /** 1.0 is the boundary; NaN where a series was not scored. */
  readonly activeScores: Float64Array;
  readonly shadowScores: Float64Array;
}

interface Book {
  readonly modelId: string;
  readonly beganAt: EpochMs;
  readonly hours: Map<EpochMs, ShadowHour>;
  /** Only series that are not calm for one of the two. */
  readonly pairs: Map<number, { active: TrackerState; shadow: TrackerState }>;
  readonly anomalies: Map<string, ShadowAnomaly>;
}

/**
 * Adds up, for the series of one shard, what shadows and the active models made of the same points. Both are judged by
 * the same tracker, which this ledger runs for both: what people did to an anomaly (maintenance, feedback) must favour
 * neither. It goes on from what was committed, and is committed with the position of the shard.
 */
export class ShadowLedger {
  private readonly books: Map<string, Book>;
  private scored = 0;

  /**
   * @param until position of the shard. A shadow whose count stands there goes on; any other begins anew
   * @param stored what was committed
   */
  constructor(
    private readonly environmentId: string,
    shadowIds: readonly string[],
    stored: readonly ShadowCount[],
    public until: EpochMs,
  ) {
    this.books = new Map(shadowIds.map((id) => [id, this.open(id, stored)]));
  }

  /** Whether it counts for just these shadows, from just here. */
  standsAt(until: EpochMs, shadowIds: readonly string[]): boolean {
    return this.until === until && shadowIds.length === this.books.size && shadowIds.every((id) => this.books.has(id));
  }

  /** Position from which on a shadow has seen points. */
  beganAt(shadowId: string): EpochMs {
    return this.books.get(shadowId)!.beganAt;
  }

  /** Answers how many points both have scored. */
  add(observation: ShadowObservation): number {
    const { shadowId, seriesIds, activeScores, shadowScores, at, tickMs } = observation;
    const book = this.books.get(shadowId)!;
    const counts = this.hourOf(book, at);
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
      const pair = book.pairs.get(id);
      if (!pair && active <= 1 && shadow <= 1) continue;
      const states = pair ?? { active: CALM, shadow: CALM };
      states.active = this.track(book, counts, 'active', id, states.active, active, at);
      states.shadow = this.track(book, counts, 'shadow', id, states.shadow, shadow, at);
      if (states.active.phase === 'calm' && states.shadow.phase === 'calm') book.pairs.delete(id);
      else book.pairs.set(id, states);
    }
    counts.points += scored;
    counts.seriesSeconds += (scored * tickMs) / 1_000;
    this.scored += scored;
    return scored;
  }

  /** Series that are scored no longer: what is open of them ends here. */
  keepOnly(seriesIds: ReadonlySet<number>): void {
    for (const book of this.books.values()) {
      for (const [id, pair] of book.pairs) {
        if (seriesIds.has(id)) continue;
        this.end(book, id, pair, this.until);
        book.pairs.delete(id);
      }
    }
  }

  /** What a commit at this position has to write. Asking changes nothing: a transaction may run twice. */
  pending(until: EpochMs): ShadowWrites {
    const [hours, anomalies, counts]: [ShadowHour[], ShadowAnomaly[], ShadowCount[]] = [[], [], []];
    for (const book of this.books.values()) {
      let open: ShadowHour | null = null;
      for (const [start, hour] of book.hours) {
        if (start + HOUR_MS > until) open = hour;
        else hours.push(hour);
      }
      anomalies.push(...book.anomalies.values());
      const trackers = Object.fromEntries(book.pairs);
      counts.push({ modelId: book.modelId, beganAt: book.beganAt, countedUntil: until, trackers, hour: open });
    }
    return { hours, anomalies, counts };
  }

  /** It was committed. Answers how many points that were. */
  settle(until: EpochMs): number {
    for (const book of this.books.values()) {
      for (const start of book.hours.keys()) if (start + HOUR_MS <= until) book.hours.delete(start);
      book.anomalies.clear();
    }
    this.until = until;
    const { scored } = this;
    this.scored = 0;
    return scored;
  }

  private open(modelId: string, stored: readonly ShadowCount[]): Book {
    const known = stored.find((count) => count.modelId === modelId);
    const goesOn = known?.countedUntil === this.until;
    const book: Book = {
      modelId,
      beganAt: goesOn ? known.beganAt : this.until,
      hours: new Map(),
      pairs: new Map(),
      anomalies: new Map(),
    };
    if (!known) return book;
    if (known.hour) book.hours.set(known.hour.hour.getTime(), { ...known.hour });
    for (const [id, pair] of Object.entries(known.trackers)) {
      if (goesOn) book.pairs.set(Number(id), { ...pair });
      else this.end(book, Number(id), pair, known.countedUntil);
    }
    return book;
  }

  private track(
    book: Book,
    counts: ShadowHour,
    judge: Judge,
    seriesId: number,
    before: TrackerState,
    score: number,
    at: EpochMs,
  ): TrackerState {
    const point = { at, score, value: score, yhat: 0, yhatLower: 0, yhatUpper: 1 };
    const { state, event } = trackPoint(before, point, DEFAULT_TRACKER_SETTINGS);
    if (event.kind === 'opened') {
      if (judge === 'active') counts.activeAnomalies += 1;
      else counts.shadowAnomalies += 1;
      this.note(book, seriesId, judge, event.startedAt, null, event.peak.score);
    } else if (event.kind === 'ended') {
      this.note(book, seriesId, judge, event.startedAt, event.endedAt, event.peak.score);
    }
    return state;
  }

  private end(book: Book, seriesId: number, pair: ShadowPair, at: EpochMs): void {
    for (const judge of JUDGES) {
      const { phase, startedAt, peak } = pair[judge];
      if (phase === 'open') this.note(book, seriesId, judge, startedAt!, Math.max(at, startedAt! + 1), peak!.score);
    }
  }

  private note(
    { modelId, anomalies }: Book,
    seriesId: number,
    judge: Judge,
    startedAt: EpochMs,
    endedAt: EpochMs | null,
    score: number,
  ): void {
    anomalies.set(`${judge} ${seriesId} ${startedAt}`, {
      modelId,
      environmentId: this.environmentId,
      seriesId,
      judge,
      startedAt: new Date(startedAt),
      endedAt: endedAt === null ? null : new Date(endedAt),
      score: Math.min(score, Number.MAX_VALUE),
    });
  }

  private hourOf({ hours, modelId }: Book, at: EpochMs): ShadowHour {
    const start = Math.floor(at / HOUR_MS) * HOUR_MS;
    let hour = hours.get(start);
    if (!hour) hours.set(start, (hour = emptyHour(modelId, this.environmentId, new Date(start))));
    return hour;
  }
}
