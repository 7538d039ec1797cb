import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/errors.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import type { SeriesSelector } from '../../../kernel/series-selector.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { DAY_MS } from '../storage/partition-names.js';
import { telemetryConfig } from '../telemetry.config.js';
import { InvalidQueryError, SeriesNotFoundError } from '../telemetry.errors.js';
import { type DownsampledWindow, downsample } from './downsample.js';
import { SampleReadRepository } from './sample-read.repository.js';
import { SeriesReadRepository } from './series-read.repository.js';

export interface TelemetryStatus {
  readonly state: 'receiving' | 'stale' | 'no_data';
  readonly reason: string;
  readonly lastSampleAt: Date | null;
  readonly seriesCount: number;
}

export interface SamplesRequest {
  readonly seriesId: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
}

const EMPTY = { times: new Float64Array(0), values: new Float64Array(0) };
/** From so many chunks on it pays to count the samples first. */
const COUNT_FROM_SERIES_DAYS = 20;

/** What people and their pages ask; bounded, and answered by a replica where there is one. */
@Injectable()
export class TelemetryQueryService {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly series: SeriesReadRepository,
    private readonly samples: SampleReadRepository,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
  ) {}

  async status(environmentId: string): Promise<TelemetryStatus> {
    await this.environments.get(environmentId);
    const [lastSampleAt, seriesCount] = await Promise.all([
      this.series.lastSampleAt(environmentId, 'primary'),
      this.series.countLive(environmentId, 'replica'),
    ]);
    if (!lastSampleAt) {
      return {
        state: 'no_data',
        reason: 'No sample has arrived yet. Point remote_write of a Prometheus here with a token of this environment.',
        lastSampleAt,
        seriesCount,
      };
    }
    const age = Math.round((this.clock.now() - lastSampleAt.getTime()) / 1000);
    if (age > this.config.staleAfterSeconds) {
      return {
        state: 'stale',
        reason: `The newest sample is ${age} s old. Check that the source still sends.`,
        lastSampleAt,
        seriesCount,
      };
    }
    return { state: 'receiving', reason: `The newest sample is ${Math.max(age, 0)} s old.`, lastSampleAt, seriesCount };
  }

  async readSamples(environmentId: string, request: SamplesRequest): Promise<Map<number, DownsampledWindow>> {
    const environment = await this.environments.get(environmentId);
    const { seriesId: ids, from, to, maxPoints } = request;
    const { maxSeriesPerQuery, maxQueryDays, maxSamplesPerQuery } = this.config;
    if (ids.length > maxSeriesPerQuery) {
      throw new InvalidQueryError(
        'seriesId',
        `At most ${maxSeriesPerQuery} series fit in one request, not ${ids.length}.`,
      );
    }
    if (to - from > maxQueryDays * DAY_MS) {
      throw new InvalidQueryError('to', `A request may span at most ${maxQueryDays} days.`);
    }
    const found = new Set((await this.series.byIds(environmentId, ids, 'primary')).map(({ id }) => id));
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length > 0) throw new SeriesNotFoundError(missing);
    if (ids.length * ((to - from) / DAY_MS) > COUNT_FROM_SERIES_DAYS) {
      const stored = await this.samples.countPacked(environment, ids, request);
      if (stored > maxSamplesPerQuery) {
        throw new InvalidQueryError(
          'to',
          `The request covers ${stored} samples; at most ${maxSamplesPerQuery} are read at once. Ask for fewer series or a shorter range.`,
        );
      }
    }
    const windows = await this.samples.read(environment, ids, request, 'replica');
    return new Map(ids.map((id) => [id, downsample(windows.get(id) ?? EMPTY, maxPoints)]));
  }

  /** @throws InvalidQueryError naming the selector that is wrong */
  parseSelectors(texts: readonly string[]): SeriesSelector[] {
    return texts.map((text, i) => {
      try {
        return parseSelector(text);
      } catch (error) {
        if (error instanceof DomainError) throw new InvalidQueryError(`match[${i}]`, error.message);
        throw error;
      }
    });
  }
}
