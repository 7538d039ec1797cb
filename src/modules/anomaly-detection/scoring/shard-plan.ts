import { Injectable } from '@nestjs/common';
import { Clock, type EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';

const PAGE = 1_000;
const REFRESH_MS = 5 * 60_000;

interface PlannedShards {
  readonly countedSeries: number;
  readonly at: EpochMs;
  readonly shards: ReadonlyMap<number, number>;
}

/**
 * Which shards an environment has. A series belongs to shard `id / shardSize`, so it never moves, and new series
 * disturb no window. The list is read again when the number of series changes, and every five minutes.
 */
@Injectable()
export class ShardPlan {
  private readonly planned = new Map<string, PlannedShards>();

  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly clock: Clock,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  /** Shard → number of its series that sources sent. */
  async shardsOf(environmentId: string): Promise<ReadonlyMap<number, number>> {
    const countedSeries = await this.telemetry.countSeries(environmentId);
    const known = this.planned.get(environmentId);
    const now = this.clock.now();
    if (known && known.countedSeries === countedSeries && now - known.at < REFRESH_MS) return known.shards;
    const shards = new Map<number, number>();
    let cursor: string | undefined;
    do {
      const page = await this.telemetry.findSeries(environmentId, { selectors: [], limit: PAGE, cursor });
      for (const { id, derivedFrom } of page.items) {
        if (derivedFrom !== null) continue;
        const shard = shardOf(id, this.config.shardSize);
        shards.set(shard, (shards.get(shard) ?? 0) + 1);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    this.planned.set(environmentId, { countedSeries, at: now, shards });
    return shards;
  }
}

export function shardOf(seriesId: number, shardSize: number): number {
  return Math.floor(seriesId / shardSize);
}

/** Every id that belongs to the shard, whether a series has it or not. */
export function idsOfShard(shard: number, shardSize: number): number[] {
  return Array.from({ length: shardSize }, (_, i) => shard * shardSize + i).filter((id) => id > 0);
}
