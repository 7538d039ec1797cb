import { Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { buildReport } from '../../../engine/simulation/report/build-report.js';
import { createSimulation, stepSimulation } from '../../../engine/simulation/simulation.js';
import { Clock } from '../../../kernel/clock.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { RunRepository } from '../data/run.repository.js';
import { inSlices } from '../live/slices.js';
import { RUNS_TOTAL } from '../simulation.metrics.js';
import { executeRun } from './simulation-runs.jobs.js';

const PROGRESS_EVERY_MS = 1_000;

/** Runs a scenario to its end and stores the report. Cut off, it begins again and comes to the same. */
@Processes(executeRun)
export class ExecuteRunProcessor implements JobProcessor<typeof executeRun> {
  private readonly logger = new Logger(ExecuteRunProcessor.name);

  constructor(
    private readonly runs: RunRepository,
    private readonly clock: Clock,
    @InjectMetric(RUNS_TOTAL) private readonly counted: Counter<'outcome'>,
  ) {}

  async process(
    { runId }: PayloadOf<typeof executeRun>,
    { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
  ): Promise<void> {
    const run = await this.runs.find(runId);
    const scenario = await this.runs.scenarioOf(runId);
    if (!run || !scenario || !(await this.runs.start(runId, new Date(this.clock.now())))) return;
    try {
      const simulation = createSimulation(scenario, { seed: run.seed, solver: run.solver });
      const { state } = simulation;
      while (state.step < run.steps) {
        const until = performance.now() + PROGRESS_EVERY_MS;
        await inSlices(() => {
          stepSimulation(simulation);
          return state.step < run.steps && performance.now() < until;
        }, signal);
        await progress(state.step, run.steps);
        if (!(await this.runs.progress(runId, state.step))) {
          this.counted.inc({ outcome: 'cancelled' });
          return;
        }
      }
      await this.runs.finish(runId, buildReport(simulation), new Date(this.clock.now()));
      this.counted.inc({ outcome: 'finished' });
    } catch (error) {
      // The process ends: another one begins again.
      if (signal.aborted) throw error;
      this.logger.error({ msg: 'A run failed', runId, err: error });
      this.counted.inc({ outcome: 'failed' });
      await this.runs.fail(runId, error instanceof Error ? error.message : String(error), new Date(this.clock.now()));
    }
  }
}
