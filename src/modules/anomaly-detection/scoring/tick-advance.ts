import { Injectable } from '@nestjs/common';
import type { Detector, DetectorUpdate } from '../../../engine/detection/detector.js';
import { resample, resampleInto, type ResampleCarry, type TickGrid } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { SampleWindow } from '../../../kernel/time-series.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { silenceAt, type Silence } from './series-health.js';
import type { ScoringSetup } from './scoring-setup.js';
import type { ScoredRows, ShardSeries } from './shard.js';

/** Told of each tick after the states have moved. */
export interface TickVisitor {
  tick(at: EpochMs, values: Float64Array, update: DetectorUpdate): void;
  /** The series fell silent while something was suspected or open; its tracker still says what. */
  silent(at: EpochMs, row: ShardSeries, silence: NonNullable<Silence>): void;
}

/**
 * Advances states tick by tick over stored samples, by one batched `update` for each tick. Scoring listens; bringing
 * states forward after a restart does the same and listens to nothing, which is why both leave the same states.
 */
@Injectable()
export class TickAdvance {
  constructor(@InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig) {}

  /** What is missing of each row afterwards; null where there was no tick. */
  async advance(
    { detector, run }: Pick<ScoringSetup, 'detector' | 'run'>,
    columns: ScoredRows,
    samples: ReadonlyMap<number, SampleWindow>,
    grid: TickGrid,
    visitor?: TickVisitor,
  ): Promise<Uint32Array | null> {
    const { rows, states, settings } = columns;
    const width = rows.length;
    const before = rows.map(({ carry }) => carry);
    const values = this.valuesOf(rows, samples, grid);
    let missing: Uint32Array | null = null;
    for (let tick = 0; tick < grid.count; tick += 1) {
      const at = grid.first + tick * grid.stepMs;
      const own = values.subarray(tick * width, (tick + 1) * width);
      const suppressed = suppressedAt(columns, at);
      const batch = { time: at, stepMs: grid.stepMs, states, values: own, settings, ...(suppressed && { suppressed }) };
      const update = await detector.update(batch, run);
      visitor?.tick(at, own, update);
      this.watchTrackers({ detector, rows, samples, grid, before, index: tick, values: own, update, visitor });
      missing = update.missingPoints;
    }
    return missing;
  }

  /** By tick, then by row. Moves the carries of the rows to the end of the grid. */
  private valuesOf(
    rows: readonly ShardSeries[],
    samples: ReadonlyMap<number, SampleWindow>,
    grid: TickGrid,
  ): Float64Array {
    const width = rows.length;
    const all = new Float64Array(width * grid.count);
    for (let r = 0; r < width; r += 1) {
      const row = rows[r]!;
      row.carry = resampleInto(samples.get(row.series.id), grid, row.profile.unit, row.carry, all, r, width);
    }
    return all;
  }

  /** Remembers what made the peak of whatever is not calm, and ends it where the series has fallen silent. */
  private watchTrackers(tick: WatchedTick): void {
    const { detector, rows, samples, grid, before, index, values, update, visitor } = tick;
    const at = grid.first + index * grid.stepMs;
    for (let r = 0; r < rows.length; r += 1) {
      const row = rows[r]!;
      const { tracker } = row.detection;
      if (tracker.phase === 'calm') {
        row.peakContributions = null;
        continue;
      }
      if (tracker.peak?.at === at) row.peakContributions = contributionsOf(update, r);
      if (!Number.isNaN(values[r]!) && row.series.endedAt === null) continue;
      // As of this tick, not as of the end of the grid: however many ticks are done at once, the same is silent.
      const window = samples.get(row.series.id);
      const { carry } = resample(window, { ...grid, count: index + 1 }, row.profile.unit, before[r]!);
      const silence = silenceAt(row.series, carry, at, grid.stepMs, this.config.staleAfterIntervals);
      if (silence === null) continue;
      visitor?.silent(at, row, silence);
      detector.interrupt(row.detection);
    }
  }
}

interface WatchedTick {
  readonly detector: Detector;
  readonly rows: readonly ShardSeries[];
  readonly samples: ReadonlyMap<number, SampleWindow>;
  readonly grid: TickGrid;
  /** Carries as they were before the grid. */
  readonly before: readonly ResampleCarry[];
  readonly index: number;
  readonly values: Float64Array;
  readonly update: DetectorUpdate;
  readonly visitor: TickVisitor | undefined;
}

/** 1 where business hours or maintenance say that nothing opens and nothing is learned; undefined where that is nowhere. */
export function suppressedAt(
  { rows, suppressions }: { readonly rows: readonly unknown[] } & Pick<ScoredRows, 'suppressions'>,
  at: EpochMs,
): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const { suppression, indices } of suppressions) {
    if (suppression.reasonAt(at) === null) continue;
    found ??= new Uint8Array(rows.length);
    for (const index of indices) found[index] = 1;
  }
  return found;
}

export function contributionsOf(update: DetectorUpdate, index: number): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [channel, column] of Object.entries(update.contributions)) {
    const score = column[index]!;
    if (!Number.isNaN(score)) found[channel] = score;
  }
  return found;
}
