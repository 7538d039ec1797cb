import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../kernel/clock.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { ShardPlan } from '../scoring/shard-plan.js';
import { scoreShard } from './score-shard.job.js';

/** Has every shard of an environment scored up to a tick. */
@Injectable()
export class ShardDispatch {
  constructor(
    private readonly plan: ShardPlan,
    private readonly queue: JobQueue,
  ) {}

  async score(environmentId: string, tick: EpochMs, delayMs = 0): Promise<void> {
    const shards = await this.plan.shardsOf(environmentId);
    const payloads = [...shards].map(([shard, series]) => ({ environmentId, shard, tick, series }));
    if (delayMs === 0) await this.queue.enqueueMany(scoreShard, payloads);
    else await Promise.all(payloads.map((payload) => this.queue.enqueue(scoreShard, payload, { delayMs })));
  }
}
