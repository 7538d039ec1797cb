import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { ScoredPoint, TrackerState } from '../../../engine/detection/anomaly-tracker.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/events/event-bus.js';
import { AnomalyDetected, AnomalyEnded } from '../anomaly-detection.events.js';
import { ANOMALIES } from '../anomaly-detection.metrics.js';
import { AnomalyRepository } from '../data/anomaly.repository.js';
import type { AnomalyRow, StoredTrackers } from '../data/rows.js';
import { AnomalyGroups } from '../groups/anomaly-groups.js';
import { ShadowCounting } from '../models/shadow/shadow-counting.js';
import { SilenceRepository } from '../data/silence.repository.js';
import { SeriesStateRepository } from '../data/series-state.repository.js';
import { ShardRepository } from '../data/shard.repository.js';
import { scoredRows, type Shard, type ShardSeries } from './shard.js';
import { stretchesOf, type Stretch } from './stretches.js';
import type { ScoredTicks } from './tick-scorer.js';

/** Open anomalies that this commit changed, by series. */
type OpenIds = Map<ShardSeries, string | null>;

/** Writes what scoring found, all or nothing: position, anomalies, states and events. */
@Injectable()
export class ShardCommit {
  constructor(
    private readonly database: Database,
    private readonly events: EventBus,
    private readonly shards: ShardRepository,
    private readonly anomalies: AnomalyRepository,
    private readonly states: SeriesStateRepository,
    private readonly groups: AnomalyGroups,
    private readonly silence: SilenceRepository,
    private readonly shadows: ShadowCounting,
    @InjectMetric(ANOMALIES) private readonly counted: Counter,
  ) {}

  /** False when the shard no longer stands at `from`: another run scored these ticks, and nothing was written. */
  async commit(detector: string, shard: Shard, from: EpochMs, ticks: ScoredTicks): Promise<boolean> {
    const open = await this.database.transaction(async (tx) => {
      if ((await this.shards.lock(tx, shard.environmentId, shard.number)) !== from) return undefined;
      // A transaction may run twice, so what it learns reaches the windows only after the commit.
      const ids: OpenIds = new Map();
      for (const round of stretchesOf(ticks.happenings)) await this.write(tx, detector, shard, round, ids, ticks.until);
      if (ticks.presence) await this.silence.addPresence(tx, shard.environmentId, ticks.presence);
      await this.states.write(tx, shard.environmentId, ticks.stateChanges);
      await this.shards.advance(tx, shard.environmentId, shard.number, {
        scoredUntil: ticks.until,
        series: scoredRows(shard).rows.length,
        trackers: openTrackers(shard),
        learnedFrom: shard.learnedFrom,
        learningFrom: shard.hasHistory ? shard.learnedFrom : null,
      });
      await this.shadows.write(tx, shard, ticks.until);
      return ids;
    });
    if (!open) return false;
    this.shadows.committed(shard, ticks.until);
    for (const [row, id] of open) row.anomalyId = id;
    for (const { event } of ticks.happenings) if (event.kind !== 'peaked') this.counted.inc({ event: event.kind });
    return true;
  }

  /** In a handful of statements, however many there are: on a bad night all series of a shard change at once. */
  private async write(
    tx: Transaction,
    detector: string,
    shard: Shard,
    stretches: readonly Stretch[],
    open: OpenIds,
    until: EpochMs,
  ): Promise<void> {
    const { environmentId } = shard;
    const found = stretches.flatMap(({ row, opened, contributions }) =>
      opened ? [{ row, anomaly: anomalyOf(detector, shard, row, opened, contributions) }] : [],
    );
    const isNew = await this.anomalies.open(
      tx,
      environmentId,
      found.map(({ anomaly }) => anomaly),
    );
    const known = found.filter(({ anomaly }) => !isNew.has(anomaly.id)).map(({ anomaly }) => anomaly.seriesId);
    const others = known.length > 0 ? await this.anomalies.openOf(tx, known) : new Map<number, string>();
    for (const { row, anomaly } of found) {
      open.set(row, isNew.has(anomaly.id) ? anomaly.id : (others.get(anomaly.seriesId) ?? null));
    }
    const fresh = found.flatMap(({ anomaly }) => (isNew.has(anomaly.id) ? [anomaly] : []));
    const groups = await this.groups.open(tx, environmentId, fresh, until);
    const detected = fresh.map((anomaly) => factsOf({ ...anomaly, groupId: groups.get(anomaly.id) ?? null }));
    await this.events.publishMany(tx, AnomalyDetected, detected, { environmentId });

    const changes = stretches.flatMap(({ row, peak, contributions, end }) => {
      const id = open.has(row) ? open.get(row)! : row.anomalyId;
      if (end) open.set(row, null);
      return id === null || peak === null ? [] : [{ id, peak, contributions, end }];
    });
    const over = await this.anomalies.change(tx, changes);
    await this.groups.end(tx, environmentId, over, until);
    const ended = over.map((anomaly) => ({
      ...factsOf(anomaly),
      endedAt: anomaly.endedAt!.toISOString(),
      reason: anomaly.endReason!,
    }));
    await this.events.publishMany(tx, AnomalyEnded, ended, { environmentId });
  }
}

function anomalyOf(
  detector: string,
  shard: Shard,
  row: ShardSeries,
  { startedAt, peak }: { readonly startedAt: EpochMs; readonly peak: ScoredPoint },
  contributions: Readonly<Record<string, number>>,
): AnomalyRow {
  return {
    id: newId(),
    environmentId: shard.environmentId,
    seriesId: row.series.id,
    labels: row.series.labels,
    detector,
    state: 'open',
    startedAt: new Date(startedAt),
    endedAt: null,
    endReason: null,
    adopted: false,
    peakAt: new Date(peak.at),
    score: peak.score,
    value: peak.value,
    yhat: peak.yhat,
    yhatLower: peak.yhatLower,
    yhatUpper: peak.yhatUpper,
    contributions,
    groupId: null,
    silence: null,
  };
}

export function factsOf(anomaly: AnomalyRow) {
  return {
    anomalyId: anomaly.id,
    environmentId: anomaly.environmentId,
    seriesId: anomaly.seriesId,
    labels: { ...anomaly.labels },
    groupId: anomaly.groupId,
    detector: anomaly.detector,
    startedAt: anomaly.startedAt.toISOString(),
    peakAt: anomaly.peakAt.toISOString(),
    score: anomaly.score,
    value: anomaly.value,
    yhat: anomaly.yhat,
    yhatLower: anomaly.yhatLower,
    yhatUpper: anomaly.yhatUpper,
  };
}

function openTrackers(shard: Shard): StoredTrackers {
  const trackers: Record<string, TrackerState> = {};
  for (const { series, detection } of scoredRows(shard).rows) {
    if (detection.tracker.phase !== 'calm') trackers[series.id] = detection.tracker;
  }
  return trackers;
}
