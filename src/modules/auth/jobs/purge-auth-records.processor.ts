import { Clock } from '../../../kernel/clock.js';
import type { JobProcessor } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { SessionRepository } from '../sessions/session.repository.js';
import { purgeAuthRecords } from './purge-auth-records.job.js';

/** Who had a session stays in the audit trail; the rows themselves are of no use after this. */
const KEPT_MS = 2 * 86_400_000;

@Processes(purgeAuthRecords)
export class PurgeAuthRecordsProcessor implements JobProcessor<typeof purgeAuthRecords> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  async process(): Promise<void> {
    await this.sessions.purge(new Date(this.clock.now() - KEPT_MS));
  }
}
