import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { ShardScorer } from '../scoring/shard-scorer.js';
import { catchUpShard } from './catch-up-shard.job.js';
import { learnHistory } from './learn-history.job.js';
import { scoreShard } from './score-shard.job.js';

@Processes(scoreShard)
export class ScoreShardProcessor implements JobProcessor<typeof scoreShard> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly scorer: ShardScorer,
    private readonly queue: JobQueue,
  ) {}

  async process(payload: PayloadOf<typeof scoreShard>, context: Pick<JobContext, 'signal'>): Promise<void> {
    const { environmentId, shard } = payload;
    const environment = await this.environments.find(environmentId);
    if (!environment) return;
    const tickMs = environment.tickSeconds * 1000;
    // The tick may have been changed since the job was planned.
    const tick = Math.floor(payload.tick / tickMs) * tickMs;
    if (context.signal.aborted) return;
    const { behind, hasHistory } = await this.scorer.scoreSome({ ...payload, tick, tickMs });
    if (behind) await this.queue.enqueue(catchUpShard, payload);
    if (hasHistory) await this.queue.enqueue(learnHistory, { environmentId, shard });
  }
}
