import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/errors.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { Database } from '../../../platform/database/database.js';
import { EventTime } from '../../environments/index.js';
import { TelemetryWriter } from '../../telemetry/index.js';
import { FrameRepository } from '../data/frame.repository.js';
import { InterventionRepository } from '../data/intervention.repository.js';
import { SimulationRepository } from '../data/simulation.repository.js';
import { SnapshotRepository } from '../data/snapshot.repository.js';
import { simulationConfig, type SimulationConfig } from '../simulation.config.js';
import { BATCH_SECONDS, type BatchPhase, STEPS_TOTAL } from '../simulation.metrics.js';
import { type Batch, BatchPlanner } from './batch-planner.js';
import { packCatalogue, packValues } from './frame-catalogue.js';
import type { LiveSimulation } from './live-simulation.js';
import { LiveSimulations, packState } from './live-simulations.js';
import { inSlices } from './slices.js';

const FEWEST_STEPS = 15;
const MOST_STEPS = 20_000;
/** History is made fast: a replay of what came after a snapshot should not take long either. */
const STEPS_BETWEEN_SNAPSHOTS = 20_000;

/** What went wrong in the engine: it would go wrong again. */
class EngineFailure extends Error {}

/**
 * Advances simulations batch by batch: plan, compute, write the telemetry, then say that the batch is done. Whatever
 * happens in between, the batch is computed again with the same result, and written again, which changes nothing.
 */
@Injectable()
export class SimulationBatches {
  private readonly logger = new Logger(SimulationBatches.name);

  constructor(
    private readonly db: Database,
    private readonly planner: BatchPlanner,
    private readonly live: LiveSimulations,
    private readonly telemetry: TelemetryWriter,
    private readonly eventTime: EventTime,
    private readonly simulations: SimulationRepository,
    private readonly interventions: InterventionRepository,
    private readonly snapshots: SnapshotRepository,
    private readonly frames: FrameRepository,
    private readonly clock: Clock,
    @InjectConfig(simulationConfig) private readonly config: SimulationConfig,
    @InjectMetric(STEPS_TOTAL) private readonly steps: Counter,
    @InjectMetric(BATCH_SECONDS) private readonly seconds: Histogram<'phase'>,
  ) {}

  /** For about `batchMs`. True while there is more to do at once. */
  async advance(environmentId: string, signal: AbortSignal): Promise<boolean> {
    const end = performance.now() + this.config.batchMs;
    for (;;) {
      const more = await this.batch(environmentId, end, signal);
      if (!more || signal.aborted || performance.now() >= end) return more;
    }
  }

  /** Stores what is only in memory, where it is worth something. */
  async saveSnapshot(environmentId: string): Promise<void> {
    const live = this.live.peek(environmentId);
    if (!live || live.step !== live.storedStep || live.snapshotStep === live.step) return;
    const snapshot = await packState(live);
    await this.db.transaction((tx) => this.snapshots.save(tx, environmentId, snapshot, new Date(this.clock.now())));
    this.noteSnapshot(live, snapshot.step);
  }

  private async batch(environmentId: string, end: number, signal: AbortSignal): Promise<boolean> {
    const pace = this.live.peek(environmentId)?.pace ?? 0.2;
    const budget = Math.max(0, end - performance.now());
    const most = Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, Math.floor(pace * budget)));
    const batch = await this.planner.next(environmentId, most);
    if (!batch || !('to' in batch)) {
      // Paused, perhaps just now.
      if (batch?.state === 'paused') await this.saveSnapshot(environmentId);
      return false;
    }
    try {
      const live = await this.live.at(batch.row, signal);
      const began = performance.now();
      const refusals = await this.compute(batch, live, signal);
      live.pace = (batch.to - batch.from) / Math.max(1, performance.now() - began);
      const stored = await this.timed('commit', () => this.commit(batch, live, refusals));
      if (!stored) this.live.forget(environmentId);
      return batch.more;
    } catch (error) {
      // Memory is ahead of what is stored now.
      this.live.forget(environmentId);
      if (signal.aborted) return false;
      await this.explain(batch, error);
      return false;
    }
  }

  private async compute(batch: Batch, live: LiveSimulation, signal: AbortSignal) {
    const refusals: { readonly id: number; readonly reason: string }[] = [];
    let next = 0;
    while (live.step < batch.to) {
      await this.timed('compute', () =>
        inSlices(() => {
          try {
            while (batch.interventions[next]?.step === live.step) {
              const intervention = batch.interventions[next++]!;
              const reason = live.apply(intervention);
              if (reason !== null) refusals.push({ id: intervention.id, reason });
            }
            live.advance(true);
          } catch (error) {
            throw new EngineFailure('the engine failed', { cause: error });
          }
          return live.step < batch.to && !live.recorder.full;
        }, signal),
      );
      await this.timed('write', () => live.recorder.flush(this.telemetry));
    }
    return refusals;
  }

  private async commit(
    { row, from, to, interventions }: Batch,
    live: LiveSimulation,
    refusals: readonly { readonly id: number; readonly reason: string }[],
  ): Promise<boolean> {
    const { environmentId } = row;
    const now = this.clock.now();
    const status = live.describe();
    const truth = live.takeGroundTruth();
    const frame = live.takeFrame();
    const catalogue = frame?.catalogue ? await packCatalogue(frame.catalogue) : null;
    const snapshot = interventions.length > 0 || this.snapshotDue(live, now) ? await packState(live) : null;
    const stored = await this.db.transaction(async (tx) => {
      if (!(await this.simulations.advance(tx, environmentId, { from, to, status, truth }))) return false;
      await this.interventions.refuse(tx, refusals);
      if (frame) {
        const { time, values } = frame;
        const stamped = { frameTime: new Date(time), sampleValues: packValues(values), catalogue, step: to };
        await this.frames.save(tx, environmentId, stamped);
      }
      if (snapshot) await this.snapshots.save(tx, environmentId, snapshot, new Date(now));
      if (to >= row.historySteps) await this.eventTime.advance(tx, environmentId, row.startedAt.getTime() + to * 1000);
      return true;
    });
    if (!stored) return false;
    live.storedStep = to;
    if (snapshot) this.noteSnapshot(live, to);
    this.steps.inc(to - from);
    return true;
  }

  private snapshotDue(live: LiveSimulation, now: number): boolean {
    return (
      now - live.snapshotAt >= this.config.snapshotSeconds * 1000 ||
      live.step - live.snapshotStep >= STEPS_BETWEEN_SNAPSHOTS
    );
  }

  private noteSnapshot(live: LiveSimulation, step: number): void {
    live.snapshotStep = step;
    live.snapshotAt = this.clock.now();
  }

  /** The environment must not be tried again and again where it cannot work; an outage is waited for. */
  private async explain({ row, from, to }: Batch, error: unknown): Promise<void> {
    const { environmentId } = row;
    if (error instanceof EngineFailure) {
      const reason = error.cause instanceof Error ? error.cause.message : String(error.cause);
      this.logger.error({ msg: 'A simulation failed', environmentId, from, to, err: error.cause });
      await this.fail(environmentId, `Between seconds ${from} and ${to}: ${reason}.`);
    } else if (error instanceof DomainError && error.code === 'telemetry.too_many_series') {
      await this.fail(environmentId, error.message);
    } else {
      throw error;
    }
  }

  /** Until somebody resumes it, having removed the cause; then the same batch is made again. */
  private async fail(environmentId: string, reason: string): Promise<void> {
    await this.db.transaction((tx) =>
      this.simulations.update(tx, environmentId, { state: 'failed', reason }, new Date(this.clock.now())),
    );
  }

  private async timed<T>(phase: BatchPhase, work: () => Promise<T>): Promise<T> {
    const done = this.seconds.startTimer({ phase });
    try {
      return await work();
    } finally {
      done();
    }
  }
}
