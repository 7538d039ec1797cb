import type { JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { RetentionService } from '../storage/retention.service.js';
import { maintainPartitions } from './telemetry.jobs.js';

@Processes(maintainPartitions)
export class MaintainPartitionsProcessor implements JobProcessor<typeof maintainPartitions> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly retention: RetentionService,
    private readonly queue: JobQueue,
  ) {}

  async process({ environmentId }: PayloadOf<typeof maintainPartitions>): Promise<void> {
    if (environmentId !== undefined) {
      const environment = await this.environments.find(environmentId);
      if (environment) await this.retention.maintain(environment);
      return;
    }
    const environments = await this.environments.all();
    await this.queue.enqueueMany(
      maintainPartitions,
      environments.map(({ id }) => ({ environmentId: id })),
    );
    await this.retention.dropOrphans();
  }
}
