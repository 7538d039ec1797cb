import { Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { z } from 'zod';
import type { Labels, MetricType } from '../../../../src/kernel/time-series.js';
import { anomalyDetectionConfig } from '../../../../src/modules/anomaly-detection/anomaly-detection.config.js';
import { AuditTrail, type AuditEntry } from '../../../../src/modules/audit/index.js';
import { AnomalyDetectionModule } from '../../../../src/modules/anomaly-detection/anomaly-detection.module.js';
import { ShardPlan } from '../../../../src/modules/anomaly-detection/scoring/shard-plan.js';
import { ShardScorer } from '../../../../src/modules/anomaly-detection/scoring/shard-scorer.js';
import type { Environment } from '../../../../src/modules/environments/index.js';
import { TelemetryWriter } from '../../../../src/modules/telemetry/index.js';
import type { Transaction } from '../../../../src/platform/database/database.js';
import { eventsConfig } from '../../../../src/platform/events/events.config.js';
import { EventsModule } from '../../../../src/platform/events/events.module.js';
import { inferenceConfig } from '../../../../src/platform/inference/inference.config.js';
import { InferenceModule } from '../../../../src/platform/inference/inference.module.js';
import { QueueModule } from '../../../../src/platform/queue/queue.module.js';
import { section, testConfiguration } from '../../../support/configuration.js';
import type { TestDatabase } from '../../../support/database.js';
import { moduleContext, testLogger } from '../../../support/platform.js';
import {
  createEnvironment,
  KnownEnvironments,
  SettableClock,
  telemetryImports,
} from '../../telemetry/support/telemetry-process.js';

export const STEP = 15_000;
/** A multiple of the tick. */
export const START = Date.UTC(2026, 10, 3, 14, 0);

export interface TestSeries {
  readonly labels: Labels;
  readonly type?: MetricType;
  /** Value at sample i; undefined where none is sent. */
  readonly at: (index: number) => number | undefined;
}

type Config = z.input<typeof anomalyDetectionConfig.schema>;

class RecordingAudit extends AuditTrail {
  readonly entries: AuditEntry[] = [];
  override record(_tx: Transaction, entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
    return Promise.resolve();
  }
}

class AuditRoot {}
Module({})(AuditRoot);

/** Detection on a real database with real telemetry. Each `worker` is a process of its own, with an empty memory. */
export class DetectionWorld {
  readonly clock = new SettableClock(START);
  readonly environments = new KnownEnvironments();
  readonly audit = new RecordingAudit();
  private readonly workers: TestingModule[] = [];

  constructor(readonly database: TestDatabase) {}

  static async create(): Promise<DetectionWorld> {
    const { createTestDatabase } = await import('../../../support/database.js');
    return new DetectionWorld(await createTestDatabase());
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.close();
    await this.database.close();
  }

  imports(config: Config = {}, serves = false): DynamicModule[] {
    return [
      ...telemetryImports({
        databaseUrl: this.database.url,
        clock: this.clock,
        environments: this.environments,
        serves,
      }),
      testConfiguration(
        section(anomalyDetectionConfig, config),
        section(inferenceConfig, {}),
        section(eventsConfig, {}),
      ),
      auditRoot(this.audit),
      EventsModule.forRoot({ works: false }),
      InferenceModule.forRoot(),
      AnomalyDetectionModule.register(moduleContext({ serves, works: true })),
    ];
  }

  /** `runsJobs`: takes jobs from the queue and follows schedules, as the product's worker does. */
  async worker(config: Config = {}, runsJobs = false): Promise<TestingModule> {
    const imports = this.imports(config).map((part) => {
      if (!runsJobs) return part;
      if (part.module === QueueModule) return QueueModule.forRoot({ works: true });
      return part.module === EventsModule ? EventsModule.forRoot({ works: true }) : part;
    });
    const worker = await Test.createTestingModule({ imports }).setLogger(testLogger()).compile();
    await worker.init();
    this.workers.push(worker);
    return worker;
  }

  environment(changes: Partial<Environment> = {}): Promise<Environment> {
    return createEnvironment(this.database, this.environments, changes);
  }

  /** Sends samples `from` to `to` (exclusive) of each series; sample i has the time START + i * STEP + 1 s. */
  async send(
    worker: TestingModule,
    environment: Environment,
    series: readonly TestSeries[],
    from: number,
    to: number,
  ): Promise<Int32Array> {
    const writer = worker.get(TelemetryWriter);
    const ids = await writer.resolveSeries(
      environment.id,
      series.map(({ labels, type }) => ({ labels, metricType: type ?? 'gauge' })),
    );
    const entries: [number, number, number][] = [];
    series.forEach(({ at }, s) => {
      for (let i = from; i < to; i += 1) {
        const value = at(i);
        if (value !== undefined) entries.push([ids[s]!, timeOf(i) + 1_000, value]);
      }
    });
    if (entries.length === 0) return ids;
    await writer.append(environment.id, {
      seriesIds: Int32Array.from(entries, ([id]) => id),
      times: Float64Array.from(entries, ([, time]) => time),
      values: Float64Array.from(entries, ([, , value]) => value),
    });
    return ids;
  }

  /** Scores everything before sample `index`, as the job of that tick does. */
  async score(worker: TestingModule, environment: Environment, index: number): Promise<void> {
    const tick = timeOf(index);
    this.clock.time = tick + 2_000;
    const shards = await worker.get(ShardPlan).shardsOf(environment.id);
    for (const [shard, series] of shards) {
      await worker.get(ShardScorer).scoreUntil({ environmentId: environment.id, shard, series, tick, tickMs: STEP });
    }
  }

  /** Anomalies without what differs from run to run. */
  async anomalies(environment: Environment): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `SELECT labels ->> '__name__' AS metric, labels ->> 'run' AS run, state, end_reason AS reason, adopted,
         extract(epoch FROM started_at)::float8 * 1000 AS "startedAt", extract(epoch FROM ended_at)::float8 * 1000 AS "endedAt",
         extract(epoch FROM peak_at)::float8 * 1000 AS "peakAt", score, value
       FROM anomaly_detection_anomalies WHERE environment_id = $1 ORDER BY labels ->> '__name__', started_at`,
      [environment.id],
    );
  }

  async events(environment: Environment): Promise<{ type: string; payload: Record<string, unknown> }[]> {
    return this.database.query(
      `SELECT type, payload FROM platform_events WHERE environment_id = $1 ORDER BY sequence`,
      [environment.id],
    );
  }

  async states(
    environment: Environment,
  ): Promise<Record<string, { state: string; reason: string | null; since: Date }>> {
    const rows = await this.database.query<{ id: number; state: string; reason: string | null; since: Date }>(
      `SELECT series_id AS id, state, reason, since FROM anomaly_detection_series_states WHERE environment_id = $1`,
      [environment.id],
    );
    return Object.fromEntries(rows.map(({ id, ...state }) => [id, state]));
  }
}

function auditRoot(audit: AuditTrail): DynamicModule {
  const providers = [{ provide: AuditTrail, useValue: audit }];
  return { module: AuditRoot, global: true, providers, exports: [AuditTrail] };
}

export function timeOf(index: number): number {
  return START + index * STEP;
}

/** Small deterministic wobble in [-1, 1]. */
export function wobble(index: number): number {
  return Math.sin(index * 12.9898) * Math.cos(index * 4.1414);
}

/** A counter of CPU seconds: idle, then busy from sample `from` to `to`. */
export function cpuCounter(from: number, to: number): (index: number) => number {
  return (index) => {
    let seconds = 1_000;
    for (let i = 1; i <= index; i += 1) seconds += 15 * (i > from && i <= to ? 0.98 : 0.05 + 0.03 * wobble(i));
    return seconds;
  };
}
