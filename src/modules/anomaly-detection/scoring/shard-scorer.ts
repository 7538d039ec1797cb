import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { LRUCache } from 'lru-cache';
import type { Counter, Histogram } from 'prom-client';
import type { EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { PHASE_DURATION, SERIES_SCORED, type ScoringPhase } from '../anomaly-detection.metrics.js';
import type { ShardRow } from '../data/rows.js';
import { ShardRepository } from '../data/shard.repository.js';
import { EnvironmentProgress } from './environment-progress.js';
import { KeyedMutex } from './keyed-mutex.js';
import { ScoreRecorder } from './score-recorder.js';
import { ScoringSetups, type ScoringSetup } from './scoring-setup.js';
import { scoredRows, shardKey, type Shard, type ShardTarget } from './shard.js';
import { ShardCommit } from './shard-commit.js';
import { ShardLoader } from './shard-loader.js';
import { ShardSnapshots } from './shard-snapshots.js';
import { SilenceWatch } from './silence/silence-watch.js';
import { TickScorer } from './tick-scorer.js';

export interface Progress {
  /** There is more to score. */
  readonly behind: boolean;
  /** The states know only the newest hours: there may be more to learn from. */
  readonly hasHistory: boolean;
}

const UP_TO_DATE: Progress = { behind: false, hasHistory: false };

/**
 * Scores a shard up to a tick: missed ticks first, in event-time order, some at a time. The database decides how far
 * the shard is; windows in memory are only a copy that is used while it agrees. Running twice changes nothing.
 */
@Injectable()
export class ShardScorer {
  private readonly logger = new Logger(ShardScorer.name);
  private readonly mutex = new KeyedMutex();
  private readonly windows: LRUCache<string, Shard>;

  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly shards: ShardRepository,
    private readonly loader: ShardLoader,
    private readonly scorer: TickScorer,
    private readonly recorder: ScoreRecorder,
    private readonly committer: ShardCommit,
    private readonly progress: EnvironmentProgress,
    private readonly silence: SilenceWatch,
    private readonly setups: ScoringSetups,
    private readonly snapshots: ShardSnapshots,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(SERIES_SCORED) private readonly seriesScored: Counter,
    @InjectMetric(PHASE_DURATION) private readonly phaseDuration: Histogram,
  ) {
    this.windows = new LRUCache({ max: config.shardsInMemory });
  }

  /** All that is missing up to the tick. */
  async scoreUntil(target: ShardTarget): Promise<void> {
    while ((await this.scoreSome(target)).behind);
  }

  /** At most `catchUpTicks`, so that a backlog holds up no other shard for long. */
  async scoreSome(target: ShardTarget): Promise<Progress> {
    const key = shardKey(target.environmentId, target.shard);
    return this.mutex.run(key, () => this.score(key, target));
  }

  private async score(key: string, target: ShardTarget): Promise<Progress> {
    const { environmentId, tick, tickMs } = target;
    const row = await this.shards.ensure(environmentId, target.shard, tick - tickMs);
    const stored = row.scoredUntil.getTime();
    if (stored >= tick) return UP_TO_DATE;
    // Windows in memory are used up front and put back after the commit: what fails in between is forgotten.
    const kept = this.windows.get(key);
    this.windows.delete(key);
    const setup = await this.setups.of(environmentId);
    const from = this.startOf(target, stored);
    const loaded = await this.timed('rebuild', async () => {
      const shard = kept && usable(kept, row, target, from) ? kept : await this.load(setup, target, row, from);
      await this.setups.attach(setup, shard, from);
      await this.loader.bringForward(setup, shard, row, from);
      await this.loader.refreshSeries(setup, shard, row, target.series);
      return shard;
    });

    const until = Math.min(tick, from + this.config.catchUpTicks * tickMs);
    const { ids } = scoredRows(loaded);
    const samples = await this.timed('read', () => this.telemetry.readSamples(environmentId, ids, { from, to: until }));
    const ticks = await this.timed('score', () => this.scorer.score(setup, loaded, samples, until));
    if (this.config.recordScores) await this.timed('record', () => this.recorder.record(loaded, ticks.scores));
    const committed = await this.timed('commit', () =>
      this.committer.commit(setup.detectorName, loaded, stored, ticks),
    );
    if (!committed) return { behind: true, hasHistory: false };
    loaded.cursor = until;
    this.windows.set(key, loaded);
    this.seriesScored.inc(ticks.scores.points);
    await this.keepSnapshot(setup, loaded, row.learnedUntil !== null);
    if (await this.progress.advance(environmentId)) await this.silence.advance(environmentId, tickMs);
    const { hasHistory } = loaded;
    loaded.hasHistory = false;
    return { behind: until < tick, hasHistory };
  }

  /** What was learned from a longer history in the meantime comes first. */
  private async load(setup: ScoringSetup, target: ShardTarget, row: ShardRow, from: EpochMs): Promise<Shard> {
    const learned = row.learnedUntil && (await this.loader.load(setup, target, from, 'learned'));
    if (learned) return Object.assign(learned, { snapshotAt: null });
    const restored = await this.loader.load(setup, target, from, 'scoring');
    // Should the job that was to learn the rest have been lost, it is asked for again.
    if (restored) return Object.assign(restored, { hasHistory: row.learningFrom !== null });
    return this.loader.create(setup, target, from);
  }

  /** After the commit: a snapshot is never ahead of what was scored. Without one, a restart takes longer, no more. */
  private async keepSnapshot(setup: ScoringSetup, shard: Shard, tookOver: boolean): Promise<void> {
    if (!tookOver && !this.snapshots.due(shard)) return;
    try {
      await this.timed('snapshot', () => this.snapshots.save(setup, shard, 'scoring'));
      if (tookOver) {
        await this.snapshots.forget(shard.environmentId, shard.number, 'learned');
        await this.shards.withdrawLearned(shard.environmentId, shard.number);
      }
      shard.snapshotAt = shard.cursor;
    } catch (error) {
      const { environmentId, number } = shard;
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg: 'snapshot not written', environmentId, shard: number, reason });
    }
  }

  /** On the grid of the tick, and not farther back than downtime is made up for. */
  private startOf({ environmentId, shard, tick, tickMs }: ShardTarget, stored: EpochMs): EpochMs {
    const onGrid = Math.floor(stored / tickMs) * tickMs;
    const earliest = tick - Math.floor((this.config.maximumCatchUpHours * 3_600_000) / tickMs) * tickMs;
    if (onGrid >= earliest) return onGrid;
    this.logger.warn({ msg: 'ticks too old to score were skipped', environmentId, shard, from: onGrid, to: earliest });
    return earliest;
  }

  private async timed<T>(phase: ScoringPhase, work: () => Promise<T>): Promise<T> {
    const stop = this.phaseDuration.startTimer({ phase });
    try {
      return await work();
    } finally {
      stop();
    }
  }
}

/** Whether states in memory are those that the database speaks of. */
function usable(shard: Shard, row: ShardRow, { tickMs }: ShardTarget, from: EpochMs): boolean {
  const sameHistory = row.learnedFrom === null || row.learnedFrom.getTime() === shard.learnedFrom;
  return shard.tickMs === tickMs && shard.cursor <= from && sameHistory && row.learnedUntil === null;
}
