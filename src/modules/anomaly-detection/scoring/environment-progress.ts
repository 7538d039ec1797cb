import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/events/event-bus.js';
import { TickScored } from '../anomaly-detection.events.js';
import { ShardRepository } from '../data/shard.repository.js';

/** Says, once, that a tick of an environment was scored, when its last shard was. */
@Injectable()
export class EnvironmentProgress {
  constructor(
    private readonly database: Database,
    private readonly shards: ShardRepository,
    private readonly events: EventBus,
  ) {}

  /** True where this call moved it. */
  async advance(environmentId: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const moved = await this.shards.advanceEnvironment(tx, environmentId);
      if (moved === null) return false;
      const payload = { environmentId, scoredUntil: moved.scoredUntil.toISOString(), series: moved.series };
      await this.events.publish(tx, TickScored, payload, { environmentId });
      return true;
    });
  }
}
