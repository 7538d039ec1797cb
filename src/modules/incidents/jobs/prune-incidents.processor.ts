import { Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { IncidentRepository } from '../data/incident.repository.js';
import { incidentsConfig } from '../incidents.config.js';
import { pruneIncidents } from './prune-incidents.job.js';

const DAY_MS = 86_400_000;
/** A big incident has thousands of pieces of evidence, which go with it. */
const BATCH = 100;

/** Forgets incidents that were resolved long ago, with their evidence and timelines. */
@Processes(pruneIncidents)
export class PruneIncidentsProcessor implements JobProcessor<typeof pruneIncidents> {
  private readonly logger = new Logger(PruneIncidentsProcessor.name);

  constructor(
    private readonly repository: IncidentRepository,
    private readonly clock: Clock,
    @InjectConfig(incidentsConfig) private readonly config: ConfigOf<typeof incidentsConfig>,
  ) {}

  async process(_: PayloadOf<typeof pruneIncidents>, { signal }: Pick<JobContext, 'signal'>): Promise<void> {
    const before = new Date(this.clock.now() - this.config.keepDays * DAY_MS);
    for (let removed = 0; ;) {
      const batch = await this.repository.deleteResolvedBefore(before, BATCH);
      removed += batch;
      if (batch === BATCH && !signal.aborted) continue;
      if (removed > 0) this.logger.log({ msg: 'pruned', incidents: removed });
      return;
    }
  }
}
