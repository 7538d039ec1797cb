import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { GraphRunner } from '../../../../engine/detection/detector.js';
import { Clock } from '../../../../kernel/clock.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { Database } from '../../../../platform/database/database.js';
import { EventBus } from '../../../../platform/events/event-bus.js';
import { inferenceConfig, type InferenceConfig } from '../../../../platform/inference/inference.config.js';
import { IsolatedModels, type ModelBytes } from '../../../../platform/inference/isolated-models.js';
import { ModelRunner } from '../../../../platform/inference/model-runner.js';
import { AuditTrail } from '../../../audit/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import type { ModelRow } from '../data/model.rows.js';
import { ModelRepository } from '../data/model.repository.js';
import { ModelSlowError, ModelSuspendedError } from '../models.errors.js';
import { ModelSuspended } from '../models.events.js';
import { MODEL_FAILURES } from '../models.metrics.js';
import { nameOf } from '../model.types.js';
import { ModelContents } from '../registry/model-contents.js';

/** Whether this process may block its thread with models that came with the release: true in workers. */
export const RUNS_BUILT_IN_HERE = Symbol('anomaly-detection.runs-built-in-here');

interface Health {
  failures: number;
  suspended: string | null;
  /** Whether the registry says so too. */
  noted: boolean;
}

/**
 * Runs window models for scoring. Uploaded ones run in a process of their own, cut off at their limit of time; those
 * that came with the release run right here in a worker. One that fails or is too slow some times in a row is
 * suspended for every process, until somebody resumes it.
 */
@Injectable()
export class WindowModelRuns {
  private readonly logger = new Logger(WindowModelRuns.name);
  private readonly health = new Map<string, Health>();

  constructor(
    private readonly isolated: IsolatedModels,
    private readonly local: ModelRunner,
    @Inject(RUNS_BUILT_IN_HERE) readonly inWorker: boolean,
    private readonly contents: ModelContents,
    private readonly models: ModelRepository,
    private readonly db: Database,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @InjectConfig(inferenceConfig) private readonly inference: InferenceConfig,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(MODEL_FAILURES) private readonly failures: Counter,
  ) {}

  /** Opens the session, so that the first tick does not wait for it. Throws where it cannot be opened. */
  async prepare(model: ModelRow): Promise<void> {
    if (this.isLocal(model)) return;
    try {
      await this.isolated.prepare(this.bytesOf(model));
    } catch (error) {
      await this.failed(model, error);
      throw error;
    }
  }

  runnerOf(model: ModelRow): GraphRunner {
    return async (inputs) => {
      const health = this.healthOf(model.id);
      if (health.suspended !== null) throw new ModelSuspendedError(nameOf(model), health.suspended);
      try {
        const limitMs = this.inference.modelRunLimitMs;
        if (!this.isLocal(model)) {
          const outputs = await this.isolated.run(this.bytesOf(model), inputs, limitMs);
          health.failures = 0;
          return outputs;
        }
        const started = performance.now();
        const outputs = await this.local.run({ id: model.name, version: model.version }, inputs);
        const ms = performance.now() - started;
        // The work is done, so it counts; a model that goes on like this does not.
        if (ms > limitMs) await this.failed(model, new ModelSlowError(nameOf(model), ms, limitMs));
        else health.failures = 0;
        return outputs;
      } catch (error) {
        await this.failed(model, error);
        throw error;
      }
    };
  }

  /** The registry does not call it suspended: where it did, somebody has resumed the model. */
  heed(model: ModelRow): void {
    if (model.suspendedAt === null && this.health.get(model.id)?.noted) this.health.delete(model.id);
  }

  /** Nobody uses it any more. */
  async forget(model: ModelRow): Promise<void> {
    this.health.delete(model.id);
    if (!this.isLocal(model)) await this.isolated.release(model.sha256);
  }

  private isLocal({ origin }: ModelRow): boolean {
    return origin === 'built-in' && this.inWorker;
  }

  private bytesOf(model: ModelRow): ModelBytes {
    return { name: nameOf(model), sha256: model.sha256, load: () => this.contents.bytesOf(model) };
  }

  private healthOf(id: string): Health {
    let health = this.health.get(id);
    if (!health) this.health.set(id, (health = { failures: 0, suspended: null, noted: false }));
    return health;
  }

  private async failed(model: ModelRow, error: unknown): Promise<void> {
    const health = this.healthOf(model.id);
    health.failures += 1;
    const code = (error as { code?: unknown }).code;
    const reason = error instanceof Error ? error.message : String(error);
    this.failures.inc({ model: nameOf(model), reason: typeof code === 'string' ? code : 'unknown' });
    if (health.failures < this.config.models.suspendAfter || health.suspended !== null) return;
    health.suspended = `${health.failures} runs in a row failed; the last: ${reason}`;
    this.logger.warn({ msg: 'model suspended', model: nameOf(model), reason });
    try {
      await this.suspend(model, health.suspended);
      health.noted = true;
    } catch (failure) {
      // The database is away: this process stays without the model all the same, and says so again next time.
      this.logger.warn({ msg: 'the suspension could not be noted', reason: String(failure) });
    }
  }

  private async suspend(model: ModelRow, reason: string): Promise<void> {
    const { id, name, version } = model;
    await this.db.transaction(async (tx) => {
      if (!(await this.models.suspend(tx, id, { at: new Date(this.clock.now()), reason }))) return;
      await this.audit.record(tx, {
        action: 'anomaly-detection.suspend-model',
        actor: 'system',
        subjectType: 'model',
        subjectId: id,
        outcome: 'allowed',
        details: { model: nameOf(model), reason },
      });
      await this.events.publish(tx, ModelSuspended, { modelId: id, name, version, reason });
    });
  }
}
