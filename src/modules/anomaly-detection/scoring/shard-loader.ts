import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { DetectorState } from '../../../engine/detection/detector.js';
import { NO_CARRY } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { TelemetryReader, type Series } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { WINDOWS_REBUILT } from '../anomaly-detection.metrics.js';
import type { ShardRow } from '../data/rows.js';
import { SeriesStateRepository } from '../data/series-state.repository.js';
import type { SnapshotKind } from '../data/snapshot.repository.js';
import { KnownAnomalies } from './known-anomalies.js';
import { ModelMemories } from '../models/memory/model-memories.js';
import type { ScoringSetup } from './scoring-setup.js';
import { SeriesRules } from './series-rules.js';
import { columnsOf, scoredRows, type Shard, type ShardSeries, type ShardTarget } from './shard.js';
import { idsOfShard } from './shard-plan.js';
import { ShardReplay } from './shard-replay.js';
import { ShardSnapshots } from './shard-snapshots.js';
import type { SnapshotEntry } from './snapshot-codec.js';

/** Event time after which the list of series is read again, for series that ended or were dropped. */
const SERIES_REFRESH_MS = 60_000;
const DAY_MS = 86_400_000;

/** Fills a shard from the database: at the first tick, after a restart, or after another worker's turn. */
@Injectable()
export class ShardLoader {
  private readonly logger = new Logger(ShardLoader.name);

  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly known: KnownAnomalies,
    private readonly states: SeriesStateRepository,
    private readonly snapshots: ShardSnapshots,
    private readonly replay: ShardReplay,
    private readonly rules: SeriesRules,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(WINDOWS_REBUILT) private readonly rebuilt: Counter,
  ) {}

  /** An empty shard that `refreshSeries` fills from history. */
  create(setup: ScoringSetup, target: Omit<ShardTarget, 'tick' | 'series'>, cursor: EpochMs): Shard {
    return {
      environmentId: target.environmentId,
      number: target.shard,
      tickMs: target.tickMs,
      cursor,
      learnedFrom: cursor,
      rows: new Map(),
      memories: new ModelMemories(),
      ledger: null,
      settingsVersion: setup.settings.version,
      scored: null,
      seriesReadAt: -Infinity,
      snapshotAt: null,
      hasHistory: false,
    };
  }

  /** From a snapshot where there is one that holds; `bringForward` then adds what happened since. */
  async load(setup: ScoringSetup, target: ShardTarget, cursor: EpochMs, kind: SnapshotKind): Promise<Shard | null> {
    const snapshot = await this.snapshots.load(setup, target, kind, cursor);
    // What is behind by more than is learned at once would hold up scoring: it starts anew, and learns in the background.
    if (snapshot === null || snapshot.takenUntil < this.historyStart(snapshot.entries.length, target.tickMs, cursor)) {
      return null;
    }
    const { takenUntil, learnedFrom, entries, memories } = snapshot;
    const shard = { ...this.create(setup, target, takenUntil), learnedFrom, snapshotAt: takenUntil };
    await this.restore(setup, shard, entries);
    for (const { modelId, series } of memories) {
      for (const { seriesId, memory } of series) {
        const row = shard.rows.get(seriesId);
        if (row) shard.memories.put(modelId, row.detection, memory);
      }
    }
    this.rebuilt.inc({ extent: 'snapshot' });
    return shard;
  }

  /** Fills an empty shard with its series, which have learned nothing. */
  async enlist(setup: ScoringSetup, shard: Shard): Promise<void> {
    await this.readSeries(setup, shard);
  }

  /** Brings states that are behind to where the shard was scored, without scoring again. */
  async bringForward(setup: ScoringSetup, shard: Shard, row: ShardRow, cursor: EpochMs): Promise<void> {
    const restored = shard.seriesReadAt === -Infinity;
    const behind = shard.rows.size > 0 && shard.cursor < cursor;
    if (behind) {
      if (!restored) this.rebuilt.inc({ extent: 'behind' });
      await this.replay.run(setup, shard, scoredRows(shard), { from: shard.cursor, to: cursor });
    }
    if (behind || restored) await this.known.agree(setup.detector, [...shard.rows.values()], row.trackers);
    shard.cursor = cursor;
  }

  /** Reads the list of series when it is due; series that are new here learn from history. */
  async refreshSeries(setup: ScoringSetup, shard: Shard, row: ShardRow, expectedSeries: number): Promise<void> {
    const due = shard.cursor - shard.seriesReadAt >= SERIES_REFRESH_MS;
    const changed = shard.settingsVersion !== setup.settings.version;
    if (!due && !changed && shard.rows.size === expectedSeries) return;
    const fresh = await this.readSeries(setup, shard);
    // Going through samples again judges all of them by the settings of then: the fewer are from before, the better.
    if (changed) shard.snapshotAt = null;
    if (fresh.length === 0) return;
    const cold = shard.rows.size === fresh.length;
    if (cold) this.rebuilt.inc({ extent: 'cold' });
    const columns = columnsOf(fresh);
    const from = this.historyStart(columns.rows.length, shard.tickMs, shard.cursor);
    if (cold) {
      shard.learnedFrom = from;
      shard.hasHistory = shard.cursor - from < this.config.learnDays * DAY_MS;
    }
    await this.replay.run(setup, shard, columns, { from, to: shard.cursor });
    await this.known.agree(setup.detector, fresh, row.trackers);
    // The next process would learn them from another start: from now on they are in a snapshot.
    shard.snapshotAt = null;
  }

  /** Series that the shard did not have. */
  private async readSeries(setup: ScoringSetup, shard: Shard): Promise<ShardSeries[]> {
    const found = await this.telemetry.seriesByIds(
      shard.environmentId,
      idsOfShard(shard.number, this.config.shardSize),
    );
    const sources = found.filter((series) => series.derivedFrom === null);
    const present = new Set(sources.map((series) => series.id));
    for (const id of shard.rows.keys()) if (!present.has(id)) shard.rows.delete(id);
    const fresh: ShardSeries[] = [];
    const changed = shard.settingsVersion !== setup.settings.version;
    for (const series of sources) {
      const known = shard.rows.get(series.id);
      if (known && !changed && unchanged(known.series, series)) continue;
      const profile = this.rules.profileOf(series, setup.settings);
      // What was excluded and no longer is has learned nothing: it is as good as new.
      const stays = known !== undefined && (known.profile.excluded === null || profile.excluded !== null);
      const row = stays ? Object.assign(known, { series, profile }) : this.rowOf(setup, series, profile);
      if (!stays) fresh.push(row);
      shard.rows.set(series.id, row);
    }
    await this.report(shard.environmentId, fresh);
    shard.seriesReadAt = shard.cursor;
    shard.settingsVersion = setup.settings.version;
    shard.scored = null;
    return fresh;
  }

  private rowOf(
    setup: ScoringSetup,
    series: Series,
    profile = this.rules.profileOf(series, setup.settings),
    detection: DetectorState = setup.detector.createState(),
  ): ShardSeries {
    return {
      series,
      profile,
      detection,
      carry: NO_CARRY,
      anomalyId: null,
      peakContributions: null,
      reported: null,
      derivedIds: null,
    };
  }

  private async restore(setup: ScoringSetup, shard: Shard, entries: readonly SnapshotEntry[]): Promise<void> {
    const found = await this.telemetry.seriesByIds(
      shard.environmentId,
      entries.map(({ seriesId }) => seriesId),
    );
    const byId = new Map(found.map((series) => [series.id, series]));
    let unreadable = 0;
    for (const { seriesId, carry, state } of entries) {
      const series = byId.get(seriesId);
      if (!series) continue;
      try {
        const row = this.rowOf(setup, series, undefined, setup.detector.restore(state));
        row.carry = carry;
        shard.rows.set(seriesId, row);
      } catch (error) {
        unreadable += 1;
        this.logger.debug({ msg: 'state not restored', seriesId, reason: String(error) });
      }
    }
    if (unreadable > 0) {
      const { environmentId, number } = shard;
      this.logger.warn({ msg: 'states could not be read; learning from history', environmentId, number, unreadable });
    }
    await this.report(shard.environmentId, [...shard.rows.values()]);
  }

  private async report(environmentId: string, rows: readonly ShardSeries[]): Promise<void> {
    if (rows.length === 0) return;
    const reported = await this.states.of(
      environmentId,
      rows.map(({ series }) => series.id),
    );
    for (const row of rows) row.reported = reported.get(row.series.id) ?? null;
  }

  /** As far back as is useful, and as the budget for what holds up scoring allows. */
  private historyStart(series: number, tickMs: number, cursor: EpochMs): EpochMs {
    const affordable = (this.config.learnAtOncePoints / Math.max(1, series)) * tickMs;
    const wanted = Math.min(this.config.learnDays * DAY_MS, affordable);
    const span = Math.max(this.config.warmStartMinutes * 60_000, wanted);
    return Math.floor((cursor - span) / tickMs) * tickMs;
  }
}

/** Labels of an id never change. */
function unchanged(known: Series, found: Series): boolean {
  return known.metricType === found.metricType && known.endedAt?.getTime() === found.endedAt?.getTime();
}
