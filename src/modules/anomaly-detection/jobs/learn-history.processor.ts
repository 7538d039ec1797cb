import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { HistoryLearner } from '../scoring/history-learner.js';
import { learnHistory } from './learn-history.job.js';

@Processes(learnHistory)
export class LearnHistoryProcessor implements JobProcessor<typeof learnHistory> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly learner: HistoryLearner,
  ) {}

  async process(
    { environmentId, shard }: PayloadOf<typeof learnHistory>,
    { signal }: Pick<JobContext, 'signal'>,
  ): Promise<void> {
    const environment = await this.environments.find(environmentId);
    if (!environment) return;
    await this.learner.learn({ environmentId, shard, tickMs: environment.tickSeconds * 1000 }, signal);
  }
}
