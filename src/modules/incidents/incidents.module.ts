import { type DynamicModule, Module } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { IncidentsController } from './api/incidents.controller.js';
import { IncidentLabels } from './data/incident-labels.js';
import { IncidentReadModel } from './data/incident.read-model.js';
import { IncidentRepository } from './data/incident.repository.js';
import { IncidentSnapshots } from './data/incident.snapshots.js';
import { PendingNewsRepository } from './data/pending-news.repository.js';
import { AnomalySubscriber } from './grouping/anomaly.subscriber.js';
import { EvidenceTimeline } from './grouping/evidence-timeline.js';
import { IncidentGrouping } from './grouping/incident-grouping.service.js';
import { incidentMetrics } from './incidents.metrics.js';
import { IncidentsReader } from './incidents.reader.js';
import { groupAnomalies } from './jobs/group-anomalies.job.js';
import { GroupAnomaliesProcessor } from './jobs/group-anomalies.processor.js';
import { pruneIncidents, pruneIncidentsDaily } from './jobs/prune-incidents.job.js';
import { PruneIncidentsProcessor } from './jobs/prune-incidents.processor.js';
import { resolveCalmIncidents, resolveCalmIncidentsSchedule } from './jobs/resolve-calm-incidents.job.js';
import { ResolveCalmIncidentsProcessor } from './jobs/resolve-calm-incidents.processor.js';
import { IncidentActions } from './lifecycle/incident-actions.service.js';
import { IncidentJournal } from './lifecycle/incident-journal.js';

const WORKER_PROVIDERS = [
  AnomalySubscriber,
  EvidenceTimeline,
  GroupAnomaliesProcessor,
  IncidentGrouping,
  PendingNewsRepository,
  PruneIncidentsProcessor,
  ResolveCalmIncidentsProcessor,
];

@Module({})
export class IncidentsModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: IncidentsModule,
      global: true,
      imports: [
        QueueModule.forFeature({
          jobs: [groupAnomalies, pruneIncidents, resolveCalmIncidents],
          schedules: [pruneIncidentsDaily, resolveCalmIncidentsSchedule],
        }),
      ],
      controllers: context.serves ? [IncidentsController] : [],
      providers: [
        ...incidentMetrics,
        IncidentRepository,
        IncidentSnapshots,
        { provide: IncidentsReader, useExisting: IncidentSnapshots },
        // The API judges shadows by it, workers score cards.
        IncidentLabels,
        IncidentReadModel,
        IncidentJournal,
        ...(context.serves ? [IncidentActions] : []),
        ...(context.works ? WORKER_PROVIDERS : []),
      ],
      exports: [IncidentsReader],
    };
  }
}
