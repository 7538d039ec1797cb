import { Clock } from '../../../kernel/clock.js';
import type { JobProcessor } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { executeStudy, tendStudies } from './studies.jobs.js';
import { StudyRepository } from './study.repository.js';

const PREVIEWS_KEPT_MS = 7 * 86_400_000;

@Processes(tendStudies)
export class TendStudiesProcessor implements JobProcessor<typeof tendStudies> {
  constructor(
    private readonly studies: StudyRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** The key of a study that has a job already makes asking again change nothing. */
  async process(): Promise<void> {
    await this.studies.deletePreviewsBefore(new Date(this.clock.now() - PREVIEWS_KEPT_MS));
    const waiting = await this.studies.unfinished();
    await this.queue.enqueueMany(
      executeStudy,
      waiting.map((studyId) => ({ studyId })),
    );
  }
}
