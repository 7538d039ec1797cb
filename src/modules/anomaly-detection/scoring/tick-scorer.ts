import { Injectable } from '@nestjs/common';
import type { Detector, DetectorUpdate } from '../../../engine/detection/detector.js';
import type { EndReason } from '../../../engine/detection/end-reasons.js';
import type { ScoredPoint, TrackerEvent } from '../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { SampleWindow } from '../../../kernel/time-series.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import type { SeriesStateChange } from '../data/series-state.repository.js';
import { PresenceRecorder, type Presence } from './silence/presence.js';
import { ScoreColumns } from './score-columns.js';
import { ScoringSetups, type ScoringSetup } from './scoring-setup.js';
import { sameState, silenceOf, stateOf, type Silence } from './series-health.js';
import { scoredRows, type Shard, type ShardSeries } from './shard.js';
import { contributionsOf, TickAdvance, type TickVisitor } from './tick-advance.js';

/** Something that happened to an anomaly of a series, in event-time order. */
export interface AnomalyHappening {
  readonly row: ShardSeries;
  /** Score of each channel at the peak. */
  readonly contributions: Readonly<Record<string, number>>;
  readonly event:
    | Exclude<TrackerEvent, { readonly kind: 'none' | 'suspected' | 'dismissed' | 'ended' }>
    | {
        readonly kind: 'ended';
        readonly endedAt: EpochMs;
        readonly reason: EndReason;
        readonly adopted: boolean;
        readonly peak: ScoredPoint;
      };
}

/** What scoring some ticks of a shard came to. Nothing of it is in the database yet. */
export interface ScoredTicks {
  readonly until: EpochMs;
  readonly happenings: readonly AnomalyHappening[];
  readonly stateChanges: readonly SeriesStateChange[];
  readonly scores: ScoreColumns;
  /** Null where nobody watches for silence. */
  readonly presence: Presence | null;
}

@Injectable()
export class TickScorer {
  constructor(
    private readonly advance: TickAdvance,
    private readonly setups: ScoringSetups,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  /** Advances the states tick by tick up to `until`, and keeps what comes of it. */
  async score(
    setup: ScoringSetup,
    shard: Shard,
    samples: ReadonlyMap<number, SampleWindow>,
    until: EpochMs,
  ): Promise<ScoredTicks> {
    const { tickMs } = shard;
    const scored = scoredRows(shard);
    const grid = { first: shard.cursor + tickMs, stepMs: tickMs, count: (until - shard.cursor) / tickMs };
    const { shardSize, silenceMinutes } = this.config;
    const recorder = silenceMinutes > 0 ? new PresenceRecorder(scored.ids, shard.number, shardSize, grid.count) : null;
    const visit = new Visit(scored.rows, grid.count, recorder);
    const missing = await this.setups.watched(setup, shard, scored.ids, () =>
      this.advance.advance(setup, scored, samples, grid, visit),
    );
    return {
      until,
      happenings: [...endExcluded(setup.detector, shard), ...visit.happenings],
      scores: visit.scores,
      presence: recorder && {
        ...{ shard: shard.number, shardSize, from: shard.cursor, until, tickMs },
        bits: recorder.bits,
      },
      stateChanges: this.stateChanges(shard, missing, until),
    };
  }

  private stateChanges(shard: Shard, missing: Uint32Array | null, at: EpochMs): SeriesStateChange[] {
    const { tickMs } = shard;
    const changes: SeriesStateChange[] = [];
    let index = 0;
    for (const row of shard.rows.values()) {
      const excluded = row.profile.excluded !== null;
      const silence = excluded ? null : silenceOf(row, at, tickMs, this.config.staleAfterIntervals);
      const lacking = excluded ? 0 : (missing?.[index++] ?? 0);
      if (!excluded && silence === null && lacking === 0 && row.reported?.state === 'ok') continue;
      const state = stateOf(row, silence, lacking, tickMs);
      if (sameState(row.reported, state)) continue;
      row.reported = state;
      changes.push({ seriesId: row.series.id, at, ...state });
    }
    return changes;
  }
}

/**
 * What was open when its series was excluded ends here: no score will ever end it, and its group would stay open for
 * good and take in whatever its service does next.
 */
function endExcluded(detector: Detector, { rows, cursor }: Shard): AnomalyHappening[] {
  const ended: AnomalyHappening[] = [];
  for (const row of rows.values()) {
    const { startedAt, peak, phase } = row.detection.tracker;
    if (row.profile.excluded === null || row.anomalyId === null || phase !== 'open') continue;
    const endedAt = Math.max(cursor, startedAt! + 1);
    const event = { kind: 'ended', endedAt, reason: 'excluded', adopted: false, peak: peak! } as const;
    ended.push({ row, event, contributions: row.peakContributions ?? {} });
    detector.interrupt(row.detection);
  }
  return ended;
}

class Visit implements TickVisitor {
  readonly happenings: AnomalyHappening[] = [];
  readonly scores: ScoreColumns;

  constructor(
    private readonly rows: readonly ShardSeries[],
    ticks: number,
    private readonly presence: PresenceRecorder | null,
  ) {
    this.scores = new ScoreColumns(rows, ticks);
  }

  tick(at: EpochMs, values: Float64Array, update: DetectorUpdate): void {
    this.scores.add(at, values, update);
    this.presence?.add(values);
    for (const { index, event } of update.transitions) {
      if (event.kind !== 'opened' && event.kind !== 'peaked' && event.kind !== 'ended') continue;
      const row = this.rows[index]!;
      const contributions = event.peak.at === at ? contributionsOf(update, index) : (row.peakContributions ?? {});
      const happening = event.kind === 'ended' ? ({ ...event, reason: 'calm' } as const) : event;
      this.happenings.push({ row, event: happening, contributions });
    }
  }

  silent(at: EpochMs, row: ShardSeries, silence: NonNullable<Silence>): void {
    const { tracker } = row.detection;
    if (tracker.phase !== 'open') return;
    const event = { kind: 'ended', endedAt: at, reason: silence.kind, adopted: false, peak: tracker.peak! } as const;
    this.happenings.push({ row, event, contributions: row.peakContributions ?? {} });
  }
}
