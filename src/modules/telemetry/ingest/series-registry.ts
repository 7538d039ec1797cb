import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { LRUCache } from 'lru-cache';
import type { Counter } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import type { Labels, MetricType } from '../../../kernel/time-series.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import type { Environment } from '../../environments/index.js';
import { SeriesKeyCache } from '../remote-write/series-key-cache.js';
import { explainWriteError } from '../storage/environment-gone.js';
import { identifySeries, withoutEmptyLabels } from '../storage/series-identity.js';
import { type NewSeriesRow, SeriesRepository } from '../storage/series.repository.js';
import { telemetryConfig } from '../telemetry.config.js';
import { SERIES_CREATED_TOTAL } from '../telemetry.metrics.js';
import { SeriesTracker } from './series-tracker.js';

export interface SeriesToResolve {
  readonly labels: Labels;
  readonly metricType?: MetricType;
  readonly derivedFrom?: number;
}

/** An environment that is full is asked again only after this, or each request would count its series. */
const FULL_FOR_MS = 10_000;
const MOST_ENVIRONMENTS = 1_000;

/** Gives series their ids: known ones from the database, new ones by creating them, in batches. */
@Injectable()
export class SeriesRegistry {
  /** When each series was last known to exist; of all environments, as ids are. */
  readonly tracker = new SeriesTracker();
  private readonly keyCaches: LRUCache<string, SeriesKeyCache>;
  private readonly fullUntil = new Map<string, number>();

  constructor(
    private readonly repository: SeriesRepository,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(SERIES_CREATED_TOTAL) private readonly created: Counter,
  ) {
    this.keyCaches = new LRUCache({ max: MOST_ENVIRONMENTS });
  }

  /** What the remote-write decoder remembers of an environment. */
  keyCache(environment: Environment): SeriesKeyCache {
    let cache = this.keyCaches.get(environment.id);
    if (!cache) {
      cache = new SeriesKeyCache({ maxSeries: Math.min(this.config.seriesCacheSize, environment.maxSeries) });
      this.keyCaches.set(environment.id, cache);
    }
    return cache;
  }

  /** Ids in the order given; -1 for new series beyond the environment's limit. */
  async resolve(environment: Environment, series: readonly SeriesToResolve[]): Promise<Int32Array> {
    const rows = series.map(toRow);
    const ids = new Map<string, number>();
    const known = await this.repository.findByHashes(environment.id, [
      ...new Set(rows.map((row) => row.identity.hash)),
    ]);
    for (const { hash, id } of known) ids.set(hash, id);
    await this.learnTypes(environment.id, rows, new Map(known.map(({ hash, metricType }) => [hash, metricType])), ids);

    const missing = new Map<string, NewSeriesRow>();
    const full = (this.fullUntil.get(environment.id) ?? 0) > this.clock.now();
    for (const row of rows) {
      if (ids.has(row.identity.hash) || (full && row.derivedFrom === null)) continue;
      missing.set(row.identity.hash, row);
    }
    if (missing.size > 0) {
      const made = await this.repository.create(environment, [...missing.values()]).catch((error: unknown) => {
        throw explainWriteError(error, environment.id);
      });
      for (const { hash, id } of made) ids.set(hash, id);
      this.tracker.mark(
        made.map(({ id }) => id),
        this.clock.now(),
      );
      this.created.inc(made.length);
      if (made.length < missing.size) this.fullUntil.set(environment.id, this.clock.now() + FULL_FOR_MS);
    }
    return Int32Array.from(rows, (row) => ids.get(row.identity.hash) ?? -1);
  }

  /** Ids among these that no longer exist. Marks the others as seen, in the database at most every few hours. */
  async findGone(environmentId: string, seriesIds: Int32Array): Promise<number[]> {
    const due = this.tracker.due(seriesIds, this.clock.now());
    if (due.length === 0) return [];
    const existing = new Set(await this.repository.touch(environmentId, due));
    this.tracker.mark(existing, this.clock.now());
    return due.filter((id) => !existing.has(id));
  }

  private async learnTypes(
    environmentId: string,
    rows: readonly NewSeriesRow[],
    stored: ReadonlyMap<string, MetricType>,
    ids: ReadonlyMap<string, number>,
  ): Promise<void> {
    const changed = rows.filter((row) => {
      const type = stored.get(row.identity.hash);
      return type !== undefined && row.metricType !== 'unknown' && row.metricType !== type;
    });
    if (changed.length === 0) return;
    await this.repository.setMetricTypes(
      environmentId,
      changed.map((row) => ids.get(row.identity.hash)!),
      changed.map((row) => row.metricType),
    );
  }
}

function toRow({ labels, metricType, derivedFrom }: SeriesToResolve): NewSeriesRow {
  return {
    identity: identifySeries(labels, derivedFrom),
    labels: withoutEmptyLabels(labels),
    metricType: metricType ?? 'unknown',
    derivedFrom: derivedFrom ?? null,
  };
}
