import { Test, type TestingModule } from '@nestjs/testing';
import { newId } from '../../../../src/kernel/ids.js';
import { Clock } from '../../../../src/kernel/clock.js';
import { AuditTrail } from '../../../../src/modules/audit/index.js';
import { type Environment, EnvironmentsReader, EventTime } from '../../../../src/modules/environments/index.js';
import { SqlEventTime } from '../../../../src/modules/environments/sql-event-time.js';
import { IncidentReadModel } from '../../../../src/modules/incidents/data/incident.read-model.js';
import { IncidentRepository } from '../../../../src/modules/incidents/data/incident.repository.js';
import { IncidentSnapshots } from '../../../../src/modules/incidents/data/incident.snapshots.js';
import { PendingNewsRepository } from '../../../../src/modules/incidents/data/pending-news.repository.js';
import { AnomalySubscriber } from '../../../../src/modules/incidents/grouping/anomaly.subscriber.js';
import { EvidenceTimeline } from '../../../../src/modules/incidents/grouping/evidence-timeline.js';
import { IncidentGrouping } from '../../../../src/modules/incidents/grouping/incident-grouping.service.js';
import { incidentsConfig } from '../../../../src/modules/incidents/incidents.config.js';
import { incidentMetrics } from '../../../../src/modules/incidents/incidents.metrics.js';
import { PruneIncidentsProcessor } from '../../../../src/modules/incidents/jobs/prune-incidents.processor.js';
import { ResolveCalmIncidentsProcessor } from '../../../../src/modules/incidents/jobs/resolve-calm-incidents.processor.js';
import { IncidentActions } from '../../../../src/modules/incidents/lifecycle/incident-actions.service.js';
import { IncidentJournal } from '../../../../src/modules/incidents/lifecycle/incident-journal.js';
import { databaseConfig } from '../../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../../src/platform/database/database.module.js';
import { EventBus } from '../../../../src/platform/events/event-bus.js';
import { JobQueue } from '../../../../src/platform/queue/job-queue.js';
import type { Permission, Principal } from '../../../../src/platform/http/access.js';
import { section, testConfiguration } from '../../../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';
import { testPlatform } from '../../../support/platform.js';
import { FixedEnvironments, RecordingAudit, RecordingBus, RecordingJobs, SettableClock } from './fakes.js';

export const START = Date.UTC(2026, 10, 3, 14, 0, 0);
export const MINUTE = 60_000;

export interface AnomalyOptions {
  readonly id?: string;
  readonly environmentId?: string;
  readonly metric?: string;
  readonly labels?: Record<string, string>;
  readonly groupId?: string;
  readonly seriesId?: number;
  /** Minutes after START. */
  readonly from: number;
  readonly to?: number;
  readonly score?: number;
  readonly reason?: 'calm' | 'stale' | 'series-ended';
}

/** Incidents on a real database; bus, audit, clock and environments are ours. */
export class IncidentWorld {
  readonly clock = new SettableClock(START);
  readonly bus = new RecordingBus();
  readonly jobs = new RecordingJobs();
  readonly audit = new RecordingAudit();
  readonly environment = environment('Shop');
  readonly other = environment('Other shop');
  readonly app: TestingModule;
  readonly database: TestDatabase;

  private constructor(app: TestingModule, database: TestDatabase, parts: Partial<IncidentWorld>) {
    this.app = app;
    this.database = database;
    Object.assign(this, parts);
  }

  static async create(
    config: Parameters<typeof section<typeof incidentsConfig.schema>>[1] = {},
  ): Promise<IncidentWorld> {
    const database = await createTestDatabase();
    const parts = {
      clock: new SettableClock(START),
      bus: new RecordingBus(),
      jobs: new RecordingJobs(),
      audit: new RecordingAudit(),
      environment: environment('Shop'),
      other: environment('Other shop'),
    };
    for (const { id, name, slug } of [parts.environment, parts.other]) {
      await database.query(
        `INSERT INTO environments_environments (id, name, slug, kind, tick_seconds, retention_days, max_series)
         VALUES ($1, $2, $3, 'live', 15, 7, 1000)`,
        [id, name, slug],
      );
    }
    const app = await Test.createTestingModule({
      imports: [
        testPlatform,
        testConfiguration(section(databaseConfig, { url: database.url }), section(incidentsConfig, config)),
        DatabaseModule.forRoot(),
      ],
      providers: [
        ...incidentMetrics,
        IncidentRepository,
        IncidentSnapshots,
        IncidentReadModel,
        IncidentJournal,
        IncidentActions,
        EvidenceTimeline,
        IncidentGrouping,
        PendingNewsRepository,
        PruneIncidentsProcessor,
        AnomalySubscriber,
        ResolveCalmIncidentsProcessor,
        { provide: Clock, useValue: parts.clock },
        { provide: EventBus, useValue: parts.bus },
        { provide: JobQueue, useValue: parts.jobs },
        { provide: AuditTrail, useValue: parts.audit },
        { provide: EventTime, useClass: SqlEventTime },
        { provide: EnvironmentsReader, useValue: new FixedEnvironments([parts.environment, parts.other]) },
      ],
    }).compile();
    await app.init();
    return new IncidentWorld(app, database, parts);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.close();
  }

  /** Empties what tests leave behind. */
  async reset(): Promise<void> {
    await this.database.query(
      'TRUNCATE incidents_incidents, incidents_evidence, incidents_timeline, incidents_pending',
    );
    this.bus.published.length = 0;
    this.jobs.enqueued.length = 0;
    this.audit.entries.length = 0;
    this.clock.time = START;
  }

  /** The event is delivered, and grouped by itself. */
  async detect(options: AnomalyOptions): Promise<string> {
    return this.grouped(options, await this.hear(options));
  }

  async end(options: AnomalyOptions & { to: number }): Promise<string> {
    return this.grouped(options, await this.hearEnd(options));
  }

  /** The event is delivered, and grouped by whatever groups next. */
  async hear(options: AnomalyOptions): Promise<string> {
    const payload = this.facts(options);
    await this.app.get(AnomalySubscriber).onDetected(delivered('anomaly-detection.anomaly-detected', payload));
    return payload.anomalyId;
  }

  async hearEnd(options: AnomalyOptions & { to: number }): Promise<string> {
    const payload = {
      ...this.facts(options),
      endedAt: new Date(START + options.to * MINUTE).toISOString(),
      reason: options.reason ?? ('calm' as const),
    };
    await this.app.get(AnomalySubscriber).onEnded(delivered('anomaly-detection.anomaly-ended', payload));
    return payload.anomalyId;
  }

  async group(environmentId = this.environment.id): Promise<number> {
    return this.app.get(IncidentGrouping).group(environmentId);
  }

  private async grouped(options: AnomalyOptions, anomalyId: string): Promise<string> {
    await this.group(options.environmentId);
    return anomalyId;
  }

  async resolveCalm(atMinute: number): Promise<void> {
    this.clock.time = START + atMinute * MINUTE;
    await this.app.get(ResolveCalmIncidentsProcessor).process({}, { signal: new AbortController().signal });
  }

  get actions(): IncidentActions {
    return this.app.get(IncidentActions);
  }

  get incidents(): IncidentReadModel {
    return this.app.get(IncidentReadModel);
  }

  async list(): Promise<Awaited<ReturnType<IncidentReadModel['page']>>['items']> {
    return (await this.incidents.page({ limit: 100 })).items;
  }

  principal(name = 'alice', environmentId: string | null = null): Principal {
    return { kind: 'user', id: newId(), name, permissions: new Set<Permission>(['incidents:resolve']), environmentId };
  }

  private facts(options: AnomalyOptions) {
    const startedAt = new Date(START + options.from * MINUTE).toISOString();
    return {
      anomalyId: options.id ?? newId(),
      environmentId: options.environmentId ?? this.environment.id,
      seriesId: options.seriesId ?? 1,
      labels: {
        __name__: options.metric ?? 'node_load1',
        ...(options.labels ?? { job: 'node', instance: 'host-1:9100' }),
      },
      groupId: options.groupId ?? null,
      detector: 'robust-window@1',
      startedAt,
      peakAt: startedAt,
      score: options.score ?? 2,
      value: 8.4,
      yhat: 1.2,
      yhatLower: 0.3,
      yhatUpper: 2.1,
    };
  }
}

function delivered<P>(type: string, payload: P) {
  return { id: newId(), type, environmentId: null, occurredAt: new Date(START), payload };
}

function environment(name: string): Environment {
  return {
    id: newId(),
    key: 1,
    name,
    slug: name.toLowerCase().replace(' ', '-'),
    kind: 'live',
    tickSeconds: 15,
    retentionDays: 7,
    maxSeries: 1000,
    createdAt: new Date(START),
  };
}
