import { type DynamicModule, Module } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { IncidentsController } from './api/incidents.controller.js';
import { IncidentReadModel } from './data/incident.read-model.js';
import { IncidentRepository } from './data/incident.repository.js';
import { IncidentSnapshots } from './data/incident.snapshots.js';
import { AnomalySubscriber } from './grouping/anomaly.subscriber.js';
import { IncidentGrouping } from './grouping/incident-grouping.service.js';
import { incidentMetrics } from './incidents.metrics.js';
import { IncidentsReader } from './incidents.reader.js';
import { resolveCalmIncidents, resolveCalmIncidentsSchedule } from './jobs/resolve-calm-incidents.job.js';
import { ResolveCalmIncidentsProcessor } from './jobs/resolve-calm-incidents.processor.js';
import { IncidentActions } from './lifecycle/incident-actions.service.js';
import { IncidentJournal } from './lifecycle/incident-journal.js';

@Module({})
export class IncidentsModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: IncidentsModule,
      global: true,
      imports: [QueueModule.forFeature({ jobs: [resolveCalmIncidents], schedules: [resolveCalmIncidentsSchedule] })],
      controllers: context.serves ? [IncidentsController] : [],
      providers: [
        ...incidentMetrics,
        IncidentRepository,
        IncidentSnapshots,
        { provide: IncidentsReader, useExisting: IncidentSnapshots },
        IncidentReadModel,
        IncidentJournal,
        ...(context.serves ? [IncidentActions] : []),
        ...(context.works ? [IncidentGrouping, AnomalySubscriber, ResolveCalmIncidentsProcessor] : []),
      ],
      exports: [IncidentsReader],
    };
  }
}
