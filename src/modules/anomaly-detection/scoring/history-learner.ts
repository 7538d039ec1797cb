import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { ShardRepository } from '../data/shard.repository.js';
import { ModelledEnsemble } from './modelled-ensemble.js';
import { ScoringSetups } from './scoring-setup.js';
import { scoredRows, type ShardTarget } from './shard.js';
import { ShardLoader } from './shard-loader.js';
import { ShardReplay } from './shard-replay.js';
import { ShardSnapshots } from './shard-snapshots.js';

const DAY_MS = 86_400_000;
/** How often progress is written down for people. */
const PROGRESS_MS = 2_000;
/** Longest pause between two reads. Learning takes about half of what one thread has. */
const LONGEST_PAUSE_MS = 250;
/** Scoring goes on meanwhile; this close behind it, what is left is brought forward when the states are taken over. */
const CLOSE_ENOUGH_TICKS = 20;

/**
 * Learns a shard from its whole useful history while it is scored already with states of its newest hours. The
 * outcome is a snapshot that the next tick takes over, whichever worker has it.
 */
@Injectable()
export class HistoryLearner {
  private readonly logger = new Logger(HistoryLearner.name);

  constructor(
    private readonly setups: ScoringSetups,
    private readonly shards: ShardRepository,
    private readonly loader: ShardLoader,
    private readonly replay: ShardReplay,
    private readonly snapshots: ShardSnapshots,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async learn(target: Omit<ShardTarget, 'tick' | 'series'>, signal: AbortSignal): Promise<void> {
    const { environmentId, shard: number, tickMs } = target;
    const onGrid = (time: EpochMs): EpochMs => Math.floor(time / tickMs) * tickMs;
    const row = await this.shards.find(environmentId, number);
    if (!row) return;
    const setup = await this.setups.of(environmentId);
    const begin = onGrid(row.scoredUntil.getTime() - this.config.learnDays * DAY_MS);
    const shard = this.loader.create(setup, target, begin);
    if (setup.detector instanceof ModelledEnsemble) setup.detector.memories = shard.memories;
    await this.loader.enlist(setup, shard);

    let until = onGrid(row.scoredUntil.getTime());
    let first: EpochMs | null = null;
    let shownAt = -Infinity;
    let worked = performance.now();
    const known = row.learnedFrom?.getTime() ?? Infinity;
    const pause = async (at: EpochMs, found: EpochMs | null): Promise<boolean> => {
      if (found !== null && found >= known) return true;
      if (performance.now() - shownAt > PROGRESS_MS) {
        shownAt = performance.now();
        await this.shards.showLearning(environmentId, number, { from: begin, at });
      }
      await sleep(Math.min(LONGEST_PAUSE_MS, performance.now() - worked));
      worked = performance.now();
      return signal.aborted;
    };
    while (until - shard.cursor > CLOSE_ENOUGH_TICKS * tickMs) {
      const found = await this.replay.run(setup, shard, scoredRows(shard), { from: shard.cursor, to: until }, pause);
      if (signal.aborted) return;
      first ??= found;
      if (first !== null && first >= known) break;
      shard.cursor = until;
      const now = await this.shards.find(environmentId, number);
      if (!now) return;
      until = onGrid(now.scoredUntil.getTime());
    }
    // Scoring knows all that there is.
    if (first === null || first >= known) {
      await this.shards.showLearning(environmentId, number, null);
      return;
    }
    shard.learnedFrom = first;
    await this.snapshots.save(setup, shard, 'learned');
    await this.shards.offerLearned(environmentId, number, shard.cursor);
    const learnedFrom = new Date(first).toISOString();
    this.logger.log({ msg: 'history learned', environmentId, shard: number, series: shard.rows.size, learnedFrom });
  }
}
