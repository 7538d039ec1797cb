import { Optional } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { InjectConfig, type ConfigOf } from '../../platform/config/define-config.js';
import type { JobProcessor } from '../../platform/queue/define-job.js';
import { Processes } from '../../platform/queue/processes.decorator.js';
import { auditConfig } from './audit.config.js';
import { AuditRepository } from './audit.repository.js';
import { purgeAuditEntries } from './purge-audit-entries.job.js';

const DAY_MS = 86_400_000;

@Processes(purgeAuditEntries)
export class PurgeAuditEntriesProcessor implements JobProcessor<typeof purgeAuditEntries> {
  constructor(
    private readonly entries: AuditRepository,
    private readonly clock: Clock,
    @Optional()
    @InjectConfig(auditConfig)
    private readonly config: ConfigOf<typeof auditConfig> = auditConfig.schema.parse({}),
  ) {}

  async process(): Promise<void> {
    await this.entries.deleteBefore(new Date(this.clock.now() - this.config.retentionDays * DAY_MS));
  }
}
