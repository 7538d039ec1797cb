import type { DynamicModule } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditTrail } from './audit.trail.js';
import { purgeAuditEntries, purgeAuditEntriesDaily } from './purge-audit-entries.job.js';
import { PurgeAuditEntriesProcessor } from './purge-audit-entries.processor.js';
import { SqlAuditTrail } from './sql-audit.trail.js';

export class AuditModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: AuditModule,
      global: true,
      imports: [QueueModule.forFeature({ jobs: [purgeAuditEntries], schedules: [purgeAuditEntriesDaily] })],
      controllers: context.serves ? [AuditController] : [],
      providers: [
        AuditRepository,
        { provide: AuditTrail, useClass: SqlAuditTrail },
        ...(context.works ? [PurgeAuditEntriesProcessor] : []),
      ],
      exports: [AuditTrail],
    };
  }
}
