import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { MergeService } from '../storage/merge.service.js';
import { mergeHour } from './telemetry.jobs.js';

@Processes(mergeHour)
export class MergeHourProcessor implements JobProcessor<typeof mergeHour> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly merger: MergeService,
    private readonly queue: JobQueue,
  ) {}

  async process({ environmentId }: PayloadOf<typeof mergeHour>, { signal }: JobContext): Promise<void> {
    if (environmentId === undefined) {
      const due: { environmentId: string }[] = [];
      for (const environment of await this.environments.all()) {
        if (await this.merger.isDue(environment)) due.push({ environmentId: environment.id });
      }
      await this.queue.enqueueMany(mergeHour, due);
      return;
    }
    const environment = await this.environments.find(environmentId);
    if (environment) await this.merger.merge(environment, signal);
  }
}
