import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { NO_CARRY, resample } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { Clock } from '../../../kernel/clock.js';
import type { SampleWindow } from '../../../kernel/time-series.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { InvalidRangeError, SeriesNotFoundError } from '../anomaly-detection.errors.js';
import { SeriesRules } from '../scoring/series-rules.js';
import type { scores, scoresQuery } from './anomaly-detection.schema.js';

const HOUR_MS = 3_600_000;
const LONGEST_TICKS = 200_000;
/** Beside the values, which are made from the samples anew: they are there where nothing was scored, too. */
const SHOWN = ['anomaly_score', 'yhat', 'yhat_lower', 'yhat_upper'] as const;
/** Read before the range, so that the first tick of a counter has a rate. */
const LEAD_TICKS = 10;

type Scores = z.output<typeof scores>;
type Column = (number | null)[];

/** Scores as recorded, beside the values they judged, on the environment's ticks. */
@Injectable()
export class ScoresService {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly telemetry: TelemetryReader,
    private readonly rules: SeriesRules,
    private readonly clock: Clock,
  ) {}

  async scoresOf(environmentId: string, query: z.output<typeof scoresQuery>): Promise<Scores> {
    const environment = await this.environments.get(environmentId);
    const tickMs = environment.tickSeconds * 1000;
    const [series] = await this.telemetry.seriesByIds(environmentId, [query.seriesId]);
    if (!series) throw new SeriesNotFoundError(query.seriesId);
    const to = query.to?.getTime() ?? this.clock.now();
    const from = query.from?.getTime() ?? to - HOUR_MS;
    if (!(from < to)) throw new InvalidRangeError('`from` must be before `to`.');
    const first = Math.ceil(from / tickMs) * tickMs;
    const count = Math.ceil((to - first) / tickMs);
    if (count > LONGEST_TICKS)
      throw new InvalidRangeError(`The range has more than ${LONGEST_TICKS} ticks; ask for less at once.`);

    const unit = this.rules.unitOf(series);
    const lead = LEAD_TICKS * tickMs;
    const raw = await this.telemetry.readSamples(environmentId, [series.id], {
      from: first - lead - tickMs,
      to: first + count * tickMs,
    });
    const grid = { first: first - lead, stepMs: tickMs, count: count + LEAD_TICKS };
    const values = resample(raw.get(series.id), grid, unit, NO_CARRY).values.subarray(LEAD_TICKS);
    const [score, yhat, yhatLower, yhatUpper] = await this.recorded(environmentId, series.id, from, to);

    const all = Array.from({ length: count }, (_, i) => first + i * tickMs);
    const known = all.flatMap((time, i) => (score!.has(time) || !Number.isNaN(values[i]!) ? [i] : []));
    const kept = thinOut(known, query.maxPoints, (i) => score!.get(all[i]!) ?? 0);
    const column = (recorded: ReadonlyMap<EpochMs, number>): Column => kept.map((i) => recorded.get(all[i]!) ?? null);
    return {
      seriesId: series.id,
      unit,
      times: kept.map((i) => all[i]!),
      values: kept.map((i) => (Number.isNaN(values[i]!) ? null : values[i]!)),
      score: column(score!),
      yhat: column(yhat!),
      yhatLower: column(yhatLower!),
      yhatUpper: column(yhatUpper!),
      downsampled: kept.length < known.length,
    };
  }

  /** Newest score of each series no older than `since`; series without one are absent. */
  async newest(
    environmentId: string,
    seriesIds: readonly number[],
    since: EpochMs,
  ): Promise<ReadonlyMap<number, number>> {
    const derived = await this.telemetry.derivedSeries(environmentId, seriesIds, 'anomaly_score');
    const range = { from: since, to: this.clock.now() + 1 };
    const samples = await this.telemetry.readSamples(
      environmentId,
      derived.map((series) => series.id),
      range,
    );
    const newest = new Map<number, number>();
    for (const series of derived) {
      const value = samples.get(series.id)?.values.at(-1);
      if (value !== undefined && series.derivedFrom !== null) newest.set(series.derivedFrom, value);
    }
    return newest;
  }

  /** One map per metric of `SHOWN`, in their order: time of the tick → value. */
  private async recorded(
    environmentId: string,
    seriesId: number,
    from: EpochMs,
    to: EpochMs,
  ): Promise<Map<EpochMs, number>[]> {
    const found = await Promise.all(
      SHOWN.map((metric) => this.telemetry.derivedSeries(environmentId, [seriesId], metric)),
    );
    const ids = found.flatMap((list) => list.map((series) => series.id));
    const samples =
      ids.length === 0
        ? new Map<number, SampleWindow>()
        : await this.telemetry.readSamples(environmentId, ids, { from, to });
    return found.map((list) => new Map(list.flatMap(({ id }) => pairs(samples.get(id)))));
  }
}

function pairs(window: SampleWindow | undefined): [EpochMs, number][] {
  if (!window) return [];
  return Array.from(window.times, (time, i) => [time, window.values[i]!]);
}

/** Keeps one of each run of neighbours: the one that weighs most, so that peaks stay visible. */
function thinOut(indices: readonly number[], max: number, weight: (index: number) => number): readonly number[] {
  if (indices.length <= max) return indices;
  return Array.from({ length: max }, (_, bucket) => {
    const from = Math.floor((bucket * indices.length) / max);
    const to = Math.floor(((bucket + 1) * indices.length) / max);
    return indices.slice(from, to).reduce((best, index) => (weight(index) > weight(best) ? index : best));
  });
}
