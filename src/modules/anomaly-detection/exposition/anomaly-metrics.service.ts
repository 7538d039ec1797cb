import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/errors.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import type { LabelMatcher, SeriesSelector } from '../../../kernel/series-selector.js';
import { METRIC_NAME_LABEL } from '../../../kernel/time-series.js';
import { EnvironmentsReader, EventTime } from '../../environments/index.js';
import { TelemetryReader, type Series } from '../../telemetry/index.js';
import { InvalidMatchError, TooManyMetricsError } from '../anomaly-detection.errors.js';
import { DERIVED_METRICS } from '../scoring/score-recorder.js';
import { formatAnomalyMetrics, type RecordedSample } from './format-anomaly-metrics.js';
import type { anomalyMetricsQuery } from './anomaly-metrics.schema.js';

/** A scrape of more takes longer than a scraper waits. */
const MOST_SERIES = 50_000;
const PAGE = 5_000;
/** Older values are not the newest: as in Prometheus, what is older than five minutes is gone. */
const LOOKBACK_MS = 300_000;
/** What detection records, whatever else a caller asks for. */
const RECORDED: LabelMatcher = {
  name: METRIC_NAME_LABEL,
  operator: '=~',
  value: `${DERIVED_METRICS.join('|')}|service:.+`,
};

/** The newest of what detection recorded, for a Prometheus to scrape. */
@Injectable()
export class AnomalyMetricsService {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly eventTime: EventTime,
    private readonly telemetry: TelemetryReader,
    private readonly clock: Clock,
  ) {}

  async scrape(environmentId: string, query: z.output<typeof anomalyMetricsQuery>): Promise<string> {
    await this.environments.get(environmentId);
    const now = (await this.eventTime.now(environmentId)) ?? this.clock.now();
    const series = await this.recorded(environmentId, selectorsOf(query['match[]']));
    const samples = await this.telemetry.readSamples(
      environmentId,
      series.map(({ id }) => id),
      { from: now - LOOKBACK_MS, to: now + 1 },
    );
    const newest = series.flatMap(({ id, labels }): RecordedSample[] => {
      const window = samples.get(id);
      const last = (window?.times.length ?? 0) - 1;
      return window === undefined || last < 0
        ? []
        : [{ labels, time: window.times[last]!, value: window.values[last]! }];
    });
    return formatAnomalyMetrics(newest, query.timestamps === 'on');
  }

  private async recorded(environmentId: string, selectors: readonly SeriesSelector[]): Promise<Series[]> {
    const found: Series[] = [];
    let cursor: string | undefined;
    do {
      const query = { selectors, includeDerived: true, limit: PAGE, cursor };
      const page = await this.telemetry.findSeries(environmentId, query);
      // A source may send a series that is called as ours are.
      found.push(...page.items.filter(({ derivedFrom, labels }) => derivedFrom !== null || isSignal(labels)));
      if (found.length > MOST_SERIES) throw new TooManyMetricsError(MOST_SERIES);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }
}

function isSignal(labels: Series['labels']): boolean {
  return (labels[METRIC_NAME_LABEL] ?? '').startsWith('service:');
}

function selectorsOf(texts: readonly string[]): readonly SeriesSelector[] {
  if (texts.length === 0) return [[RECORDED]];
  return texts.map((text, i) => {
    try {
      return [...parseSelector(text), RECORDED];
    } catch (error) {
      if (error instanceof DomainError) throw new InvalidMatchError(i, error.message);
      throw error;
    }
  });
}
