import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Page } from '../../kernel/page.js';
import type { SampleWindow, TimeRange } from '../../kernel/time-series.js';
import { type ConfigOf, InjectConfig } from '../../platform/config/define-config.js';
import { EnvironmentsReader } from '../environments/index.js';
import { SampleReadRepository } from './queries/sample-read.repository.js';
import { SeriesReadRepository } from './queries/series-read.repository.js';
import { telemetryConfig } from './telemetry.config.js';
import { type LatestSample, type Series, type SeriesQuery, TelemetryReader } from './telemetry.reader.js';

/** As Prometheus: how long an instant query looks back. */
const DEFAULT_LOOKBACK_MS = 300_000;

/** Reads from the primary: other modules rely on what was acknowledged. */
@Injectable()
export class SqlTelemetryReader extends TelemetryReader {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly series: SeriesReadRepository,
    private readonly samples: SampleReadRepository,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
  ) {
    super();
  }

  override findSeries(environmentId: string, query: SeriesQuery): Promise<Page<Series>> {
    return this.series.page(environmentId, query, 'primary');
  }

  override seriesByIds(environmentId: string, ids: readonly number[]): Promise<readonly Series[]> {
    return this.series.byIds(environmentId, ids, 'primary');
  }

  override derivedSeries(
    environmentId: string,
    sourceIds: readonly number[],
    metric: string,
  ): Promise<readonly Series[]> {
    return this.series.derived(environmentId, sourceIds, metric);
  }

  override async readSamples(
    environmentId: string,
    seriesIds: readonly number[],
    range: TimeRange,
  ): Promise<ReadonlyMap<number, SampleWindow>> {
    return this.samples.read(await this.environments.get(environmentId), seriesIds, range, 'primary');
  }

  override async latest(
    environmentId: string,
    query: SeriesQuery,
    lookbackMs: number = DEFAULT_LOOKBACK_MS,
  ): Promise<Page<LatestSample>> {
    const page = await this.findSeries(environmentId, query);
    const now = this.clock.now();
    const range = { from: now - lookbackMs, to: now + this.config.futureToleranceSeconds * 1000 + 1 };
    const windows = await this.readSamples(
      environmentId,
      page.items.map(({ id }) => id),
      range,
    );
    const items = page.items.map((series) => {
      const window = windows.get(series.id);
      const last = (window?.times.length ?? 0) - 1;
      return { series, time: window?.times[last] ?? null, value: window?.values[last] ?? null };
    });
    return { items, nextCursor: page.nextCursor };
  }

  override lastSampleAt(environmentId: string): Promise<Date | null> {
    return this.series.lastSampleAt(environmentId, 'primary');
  }

  override countSeries(environmentId: string): Promise<number> {
    return this.series.countLive(environmentId, 'primary');
  }
}
