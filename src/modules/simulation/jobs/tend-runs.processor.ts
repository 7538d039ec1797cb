import { Clock } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { JobProcessor } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { RunRepository } from '../data/run.repository.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { executeRun, tendRuns } from './simulation-runs.jobs.js';

const DAY_MS = 86_400_000;

@Processes(tendRuns)
export class TendRunsProcessor implements JobProcessor<typeof tendRuns> {
  constructor(
    private readonly runs: RunRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
  ) {}

  /** The key of a run that has a job already makes asking again change nothing. */
  async process(): Promise<void> {
    await this.runs.deleteFinishedBefore(new Date(this.clock.now() - this.config.keepRunsDays * DAY_MS));
    const waiting = await this.runs.unfinished();
    await this.queue.enqueueMany(
      executeRun,
      waiting.map((runId) => ({ runId })),
    );
  }
}
