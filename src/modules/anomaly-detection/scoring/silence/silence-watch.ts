import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createSilenceBook } from '../../../../engine/detection/silence/silence-book.js';
import { DEFAULT_SILENCE_RULES, type SilenceRules } from '../../../../engine/detection/silence/silence-rules.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import { SilenceRepository } from '../../data/silence.repository.js';
import { SeriesSettingsSource } from '../../settings/series-settings-source.js';
import { KeyedMutex } from '../keyed-mutex.js';
import { SilenceCommit } from './silence-commit.js';
import { SilenceJudge } from './silence-judge.js';
import { SilenceLoader } from './silence-loader.js';
import { SilenceMemory } from './silence-memory.js';
import type { SilenceHappening } from './silence.types.js';

const ENVIRONMENTS_IN_MEMORY = 64;
/** Ticks that are gone through and committed at once after downtime. */
const TICKS_AT_ONCE = 240;
/** A restart goes on from a snapshot. */
const SNAPSHOT_EVERY_TICKS = 20;
/** Presence is kept for so many ticks before the snapshot. */
const PRESENCE_TICKS = 20;

/**
 * Finds the last of its like that falls silent, over all shards of an environment, up to where the slowest of them was
 * scored: in event time, from what scoring noted. The database decides how far it is; what is in memory is a copy that
 * is used while it agrees. Running twice changes nothing.
 */
@Injectable()
export class SilenceWatch {
  private readonly logger = new Logger(SilenceWatch.name);
  private readonly mutex = new KeyedMutex();
  private readonly memories = new LRUCache<string, SilenceMemory>({ max: ENVIRONMENTS_IN_MEMORY });
  private readonly rules: SilenceRules;

  constructor(
    private readonly silences: SilenceRepository,
    private readonly loader: SilenceLoader,
    private readonly judge: SilenceJudge,
    private readonly committer: SilenceCommit,
    private readonly settings: SeriesSettingsSource,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {
    this.rules = silenceRules(config);
  }

  /** Scoring goes on without it; the next tick makes up for what failed. */
  async advance(environmentId: string, tickMs: number): Promise<void> {
    try {
      await this.mutex.run(environmentId, async () => {
        if (this.config.silenceMinutes === 0) await this.endAll(environmentId);
        else while (await this.advanceSome(environmentId, tickMs));
      });
    } catch (error) {
      this.logger.error({ msg: 'could not look for silence', environmentId, error });
    }
  }

  /** True while there is more to do. */
  private async advanceSome(environmentId: string, tickMs: number): Promise<boolean> {
    const position = await this.silences.position(environmentId);
    if (position === null || position.scoredUntil === null) return false;
    const stored = position.watchedUntil.getTime();
    const scored = Math.floor(position.scoredUntil.getTime() / tickMs) * tickMs;
    const from = Math.floor(stored / tickMs) * tickMs;
    if (scored <= from) return false;
    // Taken up front and put back after the commit: what fails in between is forgotten.
    const kept = this.memories.get(environmentId);
    this.memories.delete(environmentId);
    const shape = { tickMs, shardSize: this.config.shardSize };
    const snapshotAt = position.snapshotUntil?.getTime() ?? null;
    // Workers take turns: what others looked at is gone over, as long as shards' notes of it are kept.
    const oldest = snapshotAt === null ? -Infinity : snapshotAt - PRESENCE_TICKS * tickMs;
    const usable = kept && kept.tickMs === tickMs && kept.cursor <= from && kept.cursor >= oldest;
    const memory = usable ? kept : await this.loader.load(environmentId, shape, from, this.rules);
    if (memory.cursor < from) await this.loader.bringForward(environmentId, memory, from, this.rules);

    const next = Math.min(scored, from + TICKS_AT_ONCE * tickMs);
    const presence = await this.silences.presence(environmentId, from, next);
    const until = presence.length > 0 ? next : await this.skipTo(environmentId, from, scored, tickMs);
    await this.loader.learn(environmentId, memory, presence);
    const happenings = presence.length > 0 ? await this.happenings(environmentId, memory, presence, from, until) : [];
    const committed = await this.committer.commit(
      environmentId,
      memory,
      { from: stored, until, keep: PRESENCE_TICKS * tickMs },
      happenings,
      until - (snapshotAt ?? -Infinity) >= SNAPSHOT_EVERY_TICKS * tickMs,
    );
    if (!committed) return true;
    memory.cursor = until;
    this.memories.set(environmentId, memory);
    return until < scored;
  }

  private async happenings(
    environmentId: string,
    memory: SilenceMemory,
    presence: Parameters<SilenceMemory['advance']>[0],
    from: EpochMs,
    until: EpochMs,
  ): Promise<SilenceHappening[]> {
    const resolver = await this.settings.settingsFor(environmentId);
    const happenings: SilenceHappening[] = [];
    const ended = (closings: Extract<SilenceHappening, { ended: unknown }>['ended'], at: EpochMs): void => {
      if (closings.length > 0) happenings.push({ ended: closings, at });
    };
    if (memory.open.size > 0 && memory.settingsVersion !== resolver.version)
      ended(await this.judge.closings(environmentId, memory, from, resolver), from);
    memory.settingsVersion = resolver.version;
    for (let time = from + memory.tickMs; time <= until; time += memory.tickMs) {
      const news = memory.advance(presence, time, this.rules);
      if (news === null) continue;
      ended(
        news.ended.map(({ like, endedAt, score, adopted }) => ({
          ...{ like, endedAt, score, adopted, at: time, anomalyId: null },
          reason: adopted ? ('adopted-silence' as const) : ('calm' as const),
        })),
        time,
      );
      if (news.due.length === 0) continue;
      const opened = await this.judge.openings(environmentId, memory, news.due, time, resolver);
      if (opened.length > 0) happenings.push({ opened, at: time });
    }
    return happenings;
  }

  /** Where presence goes on, if anywhere: ticks that nobody scored say nothing. */
  private async skipTo(environmentId: string, from: EpochMs, scored: EpochMs, tickMs: number): Promise<EpochMs> {
    const next = await this.silences.nextPresence(environmentId, from);
    return next === null ? scored : Math.min(scored, Math.max(from + tickMs, Math.floor(next / tickMs) * tickMs));
  }

  /** It was turned off: nobody would ever end what is open. */
  private async endAll(environmentId: string): Promise<void> {
    const open = await this.silences.open(environmentId);
    if (open.length === 0) return;
    const position = await this.silences.position(environmentId);
    if (position === null) return;
    const stored = position.watchedUntil.getTime();
    const memory = new SilenceMemory(60_000, this.config.shardSize, createSilenceBook(), stored);
    const at = Math.max(stored, ...open.map(({ startedAt }) => startedAt.getTime() + 1));
    const ended = open.map(({ id, score }, i) => ({
      ...{ like: -1 - i, anomalyId: id, endedAt: at, at, score, adopted: false },
      reason: 'excluded' as const,
    }));
    await this.committer.commit(
      environmentId,
      memory,
      { from: stored, until: stored, keep: 0 },
      [{ ended, at }],
      false,
    );
  }
}

export function silenceRules(config: AnomalyDetectionConfig): SilenceRules {
  return {
    ...DEFAULT_SILENCE_RULES,
    silenceAfterMs: config.silenceMinutes * 60_000,
    adoptAfterMs: config.silenceAdoptHours * 3_600_000,
    calmTicks: config.closeAfter,
  };
}
