import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { SampleBatch } from '../../kernel/time-series.js';
import { type ConfigOf, InjectConfig } from '../../platform/config/define-config.js';
import { EnvironmentsReader } from '../environments/index.js';
import { IngestService } from './ingest/ingest.service.js';
import { SeriesRegistry } from './ingest/series-registry.js';
import { identifySeries } from './storage/series-identity.js';
import { telemetryConfig } from './telemetry.config.js';
import { SeriesNotFoundError, TooManySeriesError } from './telemetry.errors.js';
import { type SeriesDescription, TelemetryWriter } from './telemetry.writer.js';

/** The same path into the journal that remote write takes, for sources inside the product. */
@Injectable()
export class IngestTelemetryWriter extends TelemetryWriter {
  /** `environment hash` to id. */
  private readonly known: LRUCache<string, number>;

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly registry: SeriesRegistry,
    private readonly ingest: IngestService,
    @InjectConfig(telemetryConfig) config: ConfigOf<typeof telemetryConfig>,
  ) {
    super();
    this.known = new LRUCache({ max: config.seriesCacheSize });
  }

  override async resolveSeries(environmentId: string, series: readonly SeriesDescription[]): Promise<Int32Array> {
    const keys = series.map(
      ({ labels, derivedFrom }) => `${environmentId} ${identifySeries(labels, derivedFrom).hash}`,
    );
    const ids = Int32Array.from(keys, (key) => this.known.get(key) ?? -1);
    const missing = keys.flatMap((_, i) => (ids[i]! < 0 ? [i] : []));
    if (missing.length === 0) return ids;
    const environment = await this.environments.get(environmentId);
    const resolved = await this.registry.resolve(
      environment,
      missing.map((i) => series[i]!),
    );
    missing.forEach((i, k) => {
      ids[i] = resolved[k]!;
      if (ids[i]! >= 0) this.known.set(keys[i]!, ids[i]!);
    });
    const refused = resolved.filter((id) => id < 0).length;
    if (refused > 0) throw new TooManySeriesError(environment.maxSeries, refused);
    return ids;
  }

  override async append(environmentId: string, batch: SampleBatch): Promise<void> {
    const environment = await this.environments.get(environmentId);
    try {
      await this.ingest.append(environment, batch);
    } catch (error) {
      // Purged, or deleted with their environment: the next `resolveSeries` creates them again.
      if (error instanceof SeriesNotFoundError) this.known.clear();
      throw error;
    }
  }

  override async endSeries(environmentId: string, seriesIds: Int32Array, times: Float64Array): Promise<void> {
    await this.ingest.endSeries(await this.environments.get(environmentId), seriesIds, times);
  }
}
