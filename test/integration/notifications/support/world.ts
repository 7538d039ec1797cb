import { Test, type TestingModule } from '@nestjs/testing';
import { newId } from '../../../../src/kernel/ids.js';
import { Clock } from '../../../../src/kernel/clock.js';
import { AuditTrail } from '../../../../src/modules/audit/index.js';
import { type IncidentSnapshot, IncidentsReader } from '../../../../src/modules/incidents/index.js';
import { AlertLabelsRepository } from '../../../../src/modules/notifications/channels/alert-labels.repository.js';
import { ChannelRegistry } from '../../../../src/modules/notifications/channels/channel-registry.js';
import { ConfiguredChannels } from '../../../../src/modules/notifications/channels/configured-channels.js';
import { ChannelTests } from '../../../../src/modules/notifications/deliveries/channel-tests.service.js';
import { DeliveryRepository } from '../../../../src/modules/notifications/deliveries/delivery.repository.js';
import { IncidentSubscriber } from '../../../../src/modules/notifications/deliveries/incident.subscriber.js';
import { NotificationOutbox } from '../../../../src/modules/notifications/deliveries/notification-outbox.service.js';
import { deliverNotification } from '../../../../src/modules/notifications/jobs/deliver-notification.job.js';
import { DeliverNotificationProcessor } from '../../../../src/modules/notifications/jobs/deliver-notification.processor.js';
import { PruneDeliveriesProcessor } from '../../../../src/modules/notifications/jobs/prune-deliveries.processor.js';
import { ResendAlertsProcessor } from '../../../../src/modules/notifications/jobs/resend-alerts.processor.js';
import { SweepDeliveriesProcessor } from '../../../../src/modules/notifications/jobs/sweep-deliveries.processor.js';
import { notificationsConfig } from '../../../../src/modules/notifications/notifications.config.js';
import { deliveryMetrics } from '../../../../src/modules/notifications/notifications.metrics.js';
import { databaseConfig } from '../../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../../src/platform/database/database.module.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import type { AnyJob, PayloadInput, PayloadOf } from '../../../../src/platform/queue/define-job.js';
import { JobQueue } from '../../../../src/platform/queue/job-queue.js';
import { section, testConfiguration } from '../../../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';
import { testPlatform } from '../../../support/platform.js';
import { RecordingAudit, SettableClock } from '../../incidents/support/fakes.js';

export const START = Date.UTC(2026, 10, 3, 14, 0, 0);
export const SECRET = 'a secret of the test receiver';
type Job = PayloadOf<typeof deliverNotification>;

/** Keeps jobs until the test runs them. */
class HeldJobs extends JobQueue {
  held: { payload: Job; at: number }[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }
  override async enqueue<J extends AnyJob>(
    _: J,
    payload: PayloadInput<J>,
    options: { delayMs?: number } = {},
  ): Promise<void> {
    this.held.push({ payload: payload as Job, at: this.clock.now() + (options.delayMs ?? 0) });
  }
  override async enqueueMany<J extends AnyJob>(job: J, payloads: readonly PayloadInput<J>[]): Promise<void> {
    for (const payload of payloads) await this.enqueue(job, payload);
  }
  override async upsertSchedule(): Promise<void> {
    throw new Error('not used');
  }
  override async removeSchedule(): Promise<void> {
    throw new Error('not used');
  }
}

export class FixedIncidents extends IncidentsReader {
  incidents: IncidentSnapshot[] = [];
  override async active(resolvedSince: Date): Promise<readonly IncidentSnapshot[]> {
    return this.incidents.filter(
      ({ resolvedAt }) => resolvedAt === null || Date.parse(resolvedAt) > resolvedSince.getTime(),
    );
  }
  override async find(id: string): Promise<IncidentSnapshot | undefined> {
    return this.incidents.find((incident) => incident.incidentId === id);
  }
}

/** Notifications on a real database; queue, incidents and clock are ours. */
export class NotificationWorld {
  private constructor(
    readonly app: TestingModule,
    readonly database: TestDatabase,
    readonly clock: SettableClock,
    readonly jobs: HeldJobs,
    readonly incidents: FixedIncidents,
    readonly audit: RecordingAudit,
    readonly environmentId: string,
  ) {}

  static async create(
    config: (typeof notificationsConfig.schema)['_zod']['input'],
    clock = new SettableClock(START),
  ): Promise<NotificationWorld> {
    const database = await createTestDatabase();
    const environmentId = newId();
    await database.query(
      `INSERT INTO environments_environments (id, name, slug, kind, tick_seconds, retention_days, max_series)
       VALUES ($1, 'Shop', 'shop', 'live', 15, 7, 1000)`,
      [environmentId],
    );
    const jobs = new HeldJobs(clock);
    const incidents = new FixedIncidents();
    const audit = new RecordingAudit();
    const app = await Test.createTestingModule({
      imports: [
        testPlatform,
        testConfiguration(
          section(databaseConfig, { url: database.url }),
          section(httpConfig, { publicUrl: 'https://dsim.example.org' }),
          section(notificationsConfig, config),
        ),
        DatabaseModule.forRoot(),
      ],
      providers: [
        ...deliveryMetrics,
        ChannelRegistry,
        ConfiguredChannels,
        AlertLabelsRepository,
        DeliveryRepository,
        NotificationOutbox,
        ChannelTests,
        IncidentSubscriber,
        DeliverNotificationProcessor,
        SweepDeliveriesProcessor,
        ResendAlertsProcessor,
        PruneDeliveriesProcessor,
        { provide: Clock, useValue: clock },
        { provide: JobQueue, useValue: jobs },
        { provide: IncidentsReader, useValue: incidents },
        { provide: AuditTrail, useValue: audit },
      ],
    }).compile();
    await app.init();
    return new NotificationWorld(app, database, clock, jobs, incidents, audit, environmentId);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.close();
  }

  async reset(): Promise<void> {
    await this.database.query('TRUNCATE notifications_deliveries, notifications_alert_labels');
    this.jobs.held = [];
    this.incidents.incidents = [];
    this.clock.time = START;
  }

  get subscriber(): IncidentSubscriber {
    return this.app.get(IncidentSubscriber);
  }

  snapshot(changes: Partial<IncidentSnapshot> = {}): IncidentSnapshot {
    return {
      incidentId: newId(),
      number: 12,
      environmentId: this.environmentId,
      environmentName: 'Shop',
      title: 'Load on host-1: 1 series off its expected band since 14:00 UTC',
      severity: 'warning',
      status: 'open',
      sharedLabels: { job: 'node', instance: 'host-1:9100' },
      startedAt: new Date(this.clock.time - 60_000).toISOString(),
      updatedAt: new Date(this.clock.time).toISOString(),
      acknowledgedBy: null,
      resolvedAt: null,
      resolution: null,
      mergedInto: null,
      anomalyCount: 1,
      evidence: [],
      ...changes,
    };
  }

  event(what: 'opened' | 'updated' | 'acknowledged' | 'resolved', payload: IncidentSnapshot, id = newId()) {
    return {
      id,
      type: `incidents.incident-${what}`,
      environmentId: payload.environmentId,
      occurredAt: new Date(this.clock.time),
      payload,
    };
  }

  /** Runs the jobs that are due, all at once, as several workers would. */
  async work(): Promise<number> {
    const due = this.jobs.held.filter((job) => job.at <= this.clock.time);
    this.jobs.held = this.jobs.held.filter((job) => job.at > this.clock.time);
    const processor = this.app.get(DeliverNotificationProcessor);
    await Promise.all(due.map(({ payload }) => processor.process(payload, { signal: new AbortController().signal })));
    return due.length;
  }

  async sweep(): Promise<void> {
    await this.app.get(SweepDeliveriesProcessor).process();
  }

  async resend(): Promise<void> {
    await this.app.get(ResendAlertsProcessor).process({}, { signal: new AbortController().signal });
  }

  async deliveries(): Promise<Awaited<ReturnType<DeliveryRepository['page']>>['items']> {
    return (await this.app.get(DeliveryRepository).page({ limit: 100 })).items;
  }
}
