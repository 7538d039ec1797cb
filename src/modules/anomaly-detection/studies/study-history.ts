import { Injectable } from '@nestjs/common';
import { NO_CARRY, resample, type TickGrid } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import { EnvironmentsReader, EventTime } from '../../environments/index.js';
import { TelemetryReader, type Series } from '../../telemetry/index.js';
import { InvalidRangeError } from '../anomaly-detection.errors.js';
import { SeriesRules } from '../scoring/series-rules.js';

const DAY_MS = 86_400_000;
const PAGE = 500;
/** More series than this are not listed; of those listed a spread is looked at. */
const MAX_SERIES = 20_000;
const MAX_RANGE_DAYS = 31;
/** Read before the range, so that detectors know the series when it begins. */
const WARM_UP_MS = DAY_MS;
/** Points that one study runs a detector over, once per variant. */
const MAX_POINTS = 20_000_000;
/** Points in memory at a time: 16 MB of values. */
const CHUNK_POINTS = 2_000_000;

/** A range of an environment's history, on its ticks. */
export interface StudyRange {
  readonly environmentId: string;
  readonly tickMs: number;
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
  /** From the warm-up on. */
  readonly grid: TickGrid;
}

/** One column per series, on a grid of their own: a short history is not run from the beginning of the range. */
export interface StudyValues {
  readonly grid: TickGrid;
  readonly values: readonly Float64Array[];
}

/** Stored history as detectors take it. */
@Injectable()
export class StudyHistory {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly eventTime: EventTime,
    private readonly telemetry: TelemetryReader,
    private readonly rules: SeriesRules,
  ) {}

  /** `to` defaults to where event time stands, `from` to `days` before. Throws `anomaly_detection.invalid_range`. */
  async rangeOf(
    environmentId: string,
    from: Date | undefined,
    to: Date | undefined,
    days: number,
  ): Promise<StudyRange> {
    const { tickSeconds } = await this.environments.get(environmentId);
    const tickMs = tickSeconds * 1000;
    const end = to?.getTime() ?? (await this.eventTime.now(environmentId));
    if (end === null) {
      throw new InvalidRangeError('The environment still writes its history; ask again when it is there.', 'to');
    }
    const start = from?.getTime() ?? end - days * DAY_MS;
    if (!(start < end)) throw new InvalidRangeError('`from` must be before `to`.');
    if (end - start > MAX_RANGE_DAYS * DAY_MS) {
      throw new InvalidRangeError(`The range is longer than ${MAX_RANGE_DAYS} days; ask for less.`);
    }
    return this.gridOf(environmentId, tickMs, start, end);
  }

  gridOf(environmentId: string, tickMs: number, from: EpochMs, to: EpochMs): StudyRange {
    const first = Math.floor((from - WARM_UP_MS) / tickMs) * tickMs + tickMs;
    const count = Math.max(0, Math.floor((to - first) / tickMs));
    return { environmentId, tickMs, from, to, grid: { first, stepMs: tickMs, count } };
  }

  /** Received series that the selector matches; every one where it is empty. */
  async seriesOf(environmentId: string, match: string): Promise<Series[]> {
    const selectors = match.trim() === '' ? [] : [parseSelector(match)];
    const found: Series[] = [];
    let cursor: string | undefined;
    do {
      const query = { selectors, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.telemetry.findSeries(environmentId, query);
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && found.length < MAX_SERIES);
    return found;
  }

  /** As many as the budget allows, spread evenly over all of them; those of `always` first. */
  sample<T extends { readonly series: Series }>(all: readonly T[], range: StudyRange, always?: number): T[] {
    const most = Math.max(1, Math.floor(MAX_POINTS / Math.max(1, range.grid.count)));
    if (all.length <= most) return [...all];
    const picked = new Set(Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!));
    const named = all.find(({ series }) => series.id === always);
    return named && !picked.has(named) ? [named, ...[...picked].slice(1)] : [...picked];
  }

  /** Cut so that the values of one part fit into memory. */
  chunks<T>(all: readonly T[], range: StudyRange): T[][] {
    const size = Math.max(1, Math.floor(CHUNK_POINTS / Math.max(1, range.grid.count)));
    return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
  }

  /** Values of each series on the grid, in the unit that is scored. */
  async values(series: readonly Series[], range: StudyRange): Promise<Float64Array[]> {
    const { environmentId, grid } = range;
    const samples = await this.telemetry.readSamples(
      environmentId,
      series.map(({ id }) => id),
      { from: grid.first - grid.stepMs, to: grid.first + grid.count * grid.stepMs },
    );
    return series.map((one) => resample(samples.get(one.id), grid, this.rules.unitOf(one), NO_CARRY).values);
  }

  /** The same from the first tick on at which any of them has a value. */
  async known(series: readonly Series[], range: StudyRange): Promise<StudyValues> {
    const { grid } = range;
    const values = await this.values(series, range);
    const firsts = values.map((one) => one.findIndex((value) => !Number.isNaN(value))).filter((index) => index >= 0);
    const skipped = firsts.reduce((least, index) => Math.min(least, index), grid.count);
    return {
      grid: { ...grid, first: grid.first + skipped * grid.stepMs, count: grid.count - skipped },
      values: values.map((one) => one.subarray(skipped)),
    };
  }
}
