import { Injectable } from '@nestjs/common';
import type { DetectorUpdate } from '../../../engine/detection/detector.js';
import type { ScoredPoint, TrackerEvent } from '../../../engine/detection/anomaly-tracker.js';
import { resample } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { SampleWindow } from '../../../kernel/time-series.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { ModelRunner } from '../../../platform/inference/model-runner.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import type { SeriesStateChange } from '../data/series-state.repository.js';
import { sameState, silenceOf, stateOf } from './series-health.js';
import { SeriesRules } from './series-rules.js';
import type { Shard, ShardSeries } from './shard.js';

/** Something that happened to an anomaly of a series, in event-time order. */
export interface AnomalyHappening {
  readonly row: ShardSeries;
  readonly event:
    | Exclude<TrackerEvent, { readonly kind: 'none' | 'suspected' | 'dismissed' | 'ended' }>
    | {
        readonly kind: 'ended';
        readonly endedAt: EpochMs;
        readonly reason: 'calm' | 'stale' | 'series-ended';
        readonly adopted: boolean;
        readonly peak: ScoredPoint;
      };
}

/** What scoring some ticks of a shard came to. Nothing of it is in the database yet. */
export interface ScoredTicks {
  readonly until: EpochMs;
  readonly happenings: readonly AnomalyHappening[];
  readonly stateChanges: readonly SeriesStateChange[];
  readonly scores: readonly {
    readonly at: EpochMs;
    readonly rows: readonly ShardSeries[];
    readonly update: DetectorUpdate;
  }[];
  readonly points: number;
}

@Injectable()
export class TickScorer {
  constructor(
    private readonly rules: SeriesRules,
    private readonly models: ModelRunner,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  /** Advances the windows tick by tick up to `until`; one batched run of the model for each tick. */
  async score(shard: Shard, samples: ReadonlyMap<number, SampleWindow>, until: EpochMs): Promise<ScoredTicks> {
    const { tickMs } = shard;
    const { detector } = this.rules;
    const rows = [...shard.rows.values()];
    const active = rows.filter(({ profile }) => profile.excluded === null);
    const count = (until - shard.cursor) / tickMs;
    const grid = { first: shard.cursor + tickMs, stepMs: tickMs, count };
    const resampled = active.map((row) => this.ticksOf(row, samples.get(row.series.id), grid));
    const happenings: AnomalyHappening[] = [];
    const scores: ScoredTicks['scores'][number][] = [];
    let points = 0;
    let last: DetectorUpdate | undefined;
    for (let tick = 0; tick < count; tick += 1) {
      const at = grid.first + tick * tickMs;
      const update = await detector.update(
        {
          time: at,
          states: active.map((row) => row.detection),
          values: Float64Array.from(resampled, ({ values }) => values[tick]!),
          settings: active.map((row) => row.profile.settings),
        },
        (inputs) => this.models.run(detector, inputs),
      );
      for (const { index, event } of update.transitions) {
        const row = active[index]!;
        if (event.kind === 'opened' || event.kind === 'peaked') happenings.push({ row, event });
        else if (event.kind === 'ended') happenings.push({ row, event: { ...event, reason: 'calm' } });
      }
      active.forEach((row, index) => {
        row.carry = { ...row.carry, time: resampled[index]!.newest[tick]! };
        this.endIfSilent(row, at, tickMs, happenings);
      });
      points += update.score.reduce((sum, score) => (Number.isNaN(score) ? sum : sum + 1), 0);
      scores.push({ at, rows: active, update });
      last = update;
    }
    active.forEach((row, index) => (row.carry = resampled[index]!.carry));
    const missing = new Map(active.map((row, index) => [row, last?.missingPoints[index] ?? 0]));
    return { until, happenings, scores, points, stateChanges: this.stateChanges(rows, missing, until, tickMs) };
  }

  private ticksOf(
    row: ShardSeries,
    window: SampleWindow | undefined,
    grid: { first: EpochMs; stepMs: number; count: number },
  ) {
    const { values, carry } = resample(window, grid, row.profile.unit, row.carry);
    return { values, carry, newest: newestByTick(window, grid, row.carry.time) };
  }

  private endIfSilent(row: ShardSeries, at: EpochMs, tickMs: number, happenings: AnomalyHappening[]): void {
    const { tracker } = row.detection;
    if (tracker.phase === 'calm') return;
    const silence = silenceOf(row, at, tickMs, this.config.staleAfterIntervals);
    if (!silence) return;
    this.rules.detector.interrupt(row.detection);
    if (tracker.phase !== 'open') return;
    const event = { kind: 'ended', endedAt: at, reason: silence.kind, adopted: false, peak: tracker.peak! } as const;
    happenings.push({ row, event });
  }

  private stateChanges(
    rows: readonly ShardSeries[],
    missing: ReadonlyMap<ShardSeries, number>,
    at: EpochMs,
    tickMs: number,
  ): SeriesStateChange[] {
    const changes: SeriesStateChange[] = [];
    for (const row of rows) {
      const excluded = row.profile.excluded !== null;
      const silence = excluded ? null : silenceOf(row, at, tickMs, this.config.staleAfterIntervals);
      const state = stateOf(row, silence, missing.get(row) ?? 0, tickMs);
      if (sameState(row.reported, state)) continue;
      row.reported = state;
      changes.push({ seriesId: row.series.id, at, ...state });
    }
    return changes;
  }
}

/** Time of the newest usable sample before the end of each tick. */
function newestByTick(
  window: SampleWindow | undefined,
  grid: { readonly first: EpochMs; readonly stepMs: number; readonly count: number },
  before: EpochMs | null,
): (EpochMs | null)[] {
  let newest = before;
  let i = 0;
  return Array.from({ length: grid.count }, (_, tick) => {
    const end = grid.first + tick * grid.stepMs;
    for (; window && i < window.times.length && window.times[i]! < end; i += 1) {
      if (Number.isFinite(window.values[i]!)) newest = window.times[i]!;
    }
    return newest;
  });
}
