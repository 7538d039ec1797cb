import type { DynamicModule } from '@nestjs/common';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { CachedEnvironmentsReader } from './cached-environments.reader.js';
import { EnvironmentsController } from './environments.controller.js';
import { EnvironmentsProvisioner } from './environments.provisioner.js';
import { EnvironmentsReader } from './environments.reader.js';
import { EnvironmentsRepository } from './environments.repository.js';
import { EnvironmentsService } from './environments.service.js';
import { EventTime } from './event-time.js';
import { SqlEnvironmentsProvisioner } from './sql-environments.provisioner.js';
import { SqlEventTime } from './sql-event-time.js';

export class EnvironmentsModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: EnvironmentsModule,
      global: true,
      controllers: context.serves ? [EnvironmentsController] : [],
      providers: [
        EnvironmentsRepository,
        EnvironmentsService,
        CachedEnvironmentsReader,
        { provide: EnvironmentsReader, useExisting: CachedEnvironmentsReader },
        { provide: EnvironmentsProvisioner, useClass: SqlEnvironmentsProvisioner },
        { provide: EventTime, useClass: SqlEventTime },
      ],
      exports: [EnvironmentsReader, EnvironmentsProvisioner, EventTime],
    };
  }
}
