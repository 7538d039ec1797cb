import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/events/event-bus.js';
import { TickScored } from '../anomaly-detection.events.js';
import { LAG, OPEN_ANOMALIES } from '../anomaly-detection.metrics.js';
import { DetectionReadModel } from '../data/detection.read-model.js';
import { ShardRepository } from '../data/shard.repository.js';

/** Says, once, that a tick of an environment was scored, when its last shard was. */
@Injectable()
export class EnvironmentProgress {
  constructor(
    private readonly database: Database,
    private readonly shards: ShardRepository,
    private readonly readModel: DetectionReadModel,
    private readonly events: EventBus,
    private readonly clock: Clock,
    @InjectMetric(LAG) private readonly lag: Gauge,
    @InjectMetric(OPEN_ANOMALIES) private readonly open: Gauge,
  ) {}

  async advance(environmentId: string): Promise<void> {
    const position = await this.database.transaction(async (tx) => {
      const moved = await this.shards.advanceEnvironment(tx, environmentId);
      if (moved) {
        const payload = { environmentId, scoredUntil: moved.scoredUntil.toISOString(), series: moved.series };
        await this.events.publish(tx, TickScored, payload, { environmentId });
      }
      return moved;
    });
    if (!position) return;
    this.lag.set({ environment: environmentId }, Math.max(0, this.clock.now() - position.scoredUntil.getTime()) / 1000);
    this.open.set({ environment: environmentId }, await this.readModel.openAnomalies(environmentId));
  }
}
