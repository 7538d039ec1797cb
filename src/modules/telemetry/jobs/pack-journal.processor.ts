import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { JournalRepository } from '../storage/journal.repository.js';
import { PackService } from '../storage/pack.service.js';
import { telemetryConfig } from '../telemetry.config.js';
import { JOURNAL_AGE_SECONDS, JOURNAL_SAMPLES } from '../telemetry.metrics.js';
import { packJournal } from './telemetry.jobs.js';

@Processes(packJournal)
export class PackJournalProcessor implements JobProcessor<typeof packJournal> {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly journal: JournalRepository,
    private readonly packer: PackService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    @InjectConfig(telemetryConfig) private readonly config: ConfigOf<typeof telemetryConfig>,
    @InjectMetric(JOURNAL_SAMPLES) private readonly journalSamples: Gauge,
    @InjectMetric(JOURNAL_AGE_SECONDS) private readonly journalAge: Gauge,
  ) {}

  async process({ environmentId }: PayloadOf<typeof packJournal>, { signal }: JobContext): Promise<void> {
    if (environmentId === undefined) return this.fanOut();
    const environment = await this.environments.find(environmentId);
    if (environment) await this.packer.pack(environment, signal);
  }

  private async fanOut(): Promise<void> {
    const waiting = await this.journal.waiting();
    const now = this.clock.now();
    const oldest = waiting.reduce((ms, row) => Math.min(ms, row.oldestMs), now);
    this.journalSamples.set(waiting.reduce((sum, row) => sum + row.samples, 0));
    this.journalAge.set((now - oldest) / 1000);
    const { packAfterSeconds, packAfterSamples } = this.config;
    const due = waiting.filter(
      (row) => row.samples >= packAfterSamples || now - row.oldestMs >= packAfterSeconds * 1000,
    );
    await this.queue.enqueueMany(
      packJournal,
      due.map((row) => ({ environmentId: row.environmentId })),
    );
  }
}
