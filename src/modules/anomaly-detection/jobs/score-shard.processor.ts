import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { ShardScorer } from '../scoring/shard-scorer.js';
import { scoreShard } from './score-shard.job.js';

@Processes(scoreShard)
export class ScoreShardProcessor implements JobProcessor<typeof scoreShard> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly scorer: ShardScorer,
  ) {}

  async process(payload: PayloadOf<typeof scoreShard>, context: Pick<JobContext, 'signal'>): Promise<void> {
    const environment = await this.environments.find(payload.environmentId);
    if (!environment) return;
    const tickMs = environment.tickSeconds * 1000;
    // The tick may have been changed since the job was planned.
    const tick = Math.floor(payload.tick / tickMs) * tickMs;
    await this.scorer.scoreUntil({ ...payload, tick, tickMs }, context.signal);
  }
}
