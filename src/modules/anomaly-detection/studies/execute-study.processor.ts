import { Logger } from '@nestjs/common';
import { DomainError } from '../../../kernel/errors.js';
import { Clock } from '../../../kernel/clock.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { FeedbackStudy } from '../feedback/feedback-study.js';
import { ScoreCardStudy } from '../scorecards/score-card-study.js';
import { PreviewStudy } from '../settings/preview-study.js';
import { executeStudy } from './studies.jobs.js';
import { StudyRepository } from './study.repository.js';
import { StudyCancelled, type StudyKind, type StudyProgress, type StudyRow } from './study.types.js';

const PROGRESS_EVERY_MS = 500;

interface Study {
  run(study: StudyRow, progress: StudyProgress): Promise<unknown>;
}

/** Runs a study to its end and stores the outcome. Cut off, it begins again and comes to the same. */
@Processes(executeStudy)
export class ExecuteStudyProcessor implements JobProcessor<typeof executeStudy> {
  private readonly logger = new Logger(ExecuteStudyProcessor.name);
  private readonly byKind: Readonly<Record<StudyKind, Study>>;

  constructor(
    private readonly studies: StudyRepository,
    private readonly clock: Clock,
    preview: PreviewStudy,
    feedback: FeedbackStudy,
    scoreCard: ScoreCardStudy,
  ) {
    this.byKind = { 'settings-preview': preview, 'feedback-preview': feedback, 'score-card': scoreCard };
  }

  async process(
    { studyId }: PayloadOf<typeof executeStudy>,
    { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
  ): Promise<void> {
    const study = await this.studies.find(studyId);
    if (!study || !(await this.studies.start(studyId, new Date(this.clock.now())))) return;
    let reportedAt = -Infinity;
    const report: StudyProgress = async (done, total) => {
      signal.throwIfAborted();
      // Lets the process answer its probes and serve its other jobs between two slices of work.
      await new Promise((resolve) => setImmediate(resolve));
      const now = performance.now();
      if (now - reportedAt < PROGRESS_EVERY_MS) return true;
      reportedAt = now;
      await progress(done, total);
      if (await this.studies.progress(studyId, done, total)) return true;
      throw new StudyCancelled();
    };
    try {
      const result = await this.byKind[study.kind].run(study, report);
      await this.studies.finish(studyId, result, new Date(this.clock.now()));
    } catch (error) {
      if (error instanceof StudyCancelled) return;
      // The process ends: another one begins again.
      if (signal.aborted) throw error;
      if (!(error instanceof DomainError)) this.logger.error({ msg: 'A study failed', studyId, err: error });
      await this.studies.fail(
        studyId,
        error instanceof Error ? error.message : String(error),
        new Date(this.clock.now()),
      );
    }
  }
}
