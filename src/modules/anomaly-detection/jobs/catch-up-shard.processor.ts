import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { catchUpShard } from './catch-up-shard.job.js';
import { ScoreShardProcessor } from './score-shard.processor.js';

@Processes(catchUpShard)
export class CatchUpShardProcessor implements JobProcessor<typeof catchUpShard> {
  constructor(private readonly scoring: ScoreShardProcessor) {}

  process(payload: PayloadOf<typeof catchUpShard>, context: Pick<JobContext, 'signal'>): Promise<void> {
    return this.scoring.process(payload, context);
  }
}
