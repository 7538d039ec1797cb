import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { restartSilence } from '../../../../engine/detection/silence/advance-silence.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { Database, type Transaction } from '../../../../platform/database/database.js';
import { EventBus } from '../../../../platform/events/event-bus.js';
import { AnomalyDetected, AnomalyEnded } from '../../anomaly-detection.events.js';
import { ANOMALIES } from '../../anomaly-detection.metrics.js';
import { AnomalyRepository } from '../../data/anomaly.repository.js';
import type { AnomalyRow } from '../../data/rows.js';
import { SilenceRepository } from '../../data/silence.repository.js';
import { AnomalyGroups } from '../../groups/anomaly-groups.js';
import { factsOf } from '../shard-commit.js';
import { SilenceLoader } from './silence-loader.js';
import type { SilenceMemory } from './silence-memory.js';
import type { SilenceClosing, SilenceHappening, SilenceOpening } from './silence.types.js';

/** Who found it. */
export const SILENCE_DETECTOR = 'silence@1';

/** Open anomalies by like while a commit is written. */
type OpenIds = Map<number, string>;

/** Writes what watching for silence found, all or nothing: position, anomalies, groups and events. */
@Injectable()
export class SilenceCommit {
  constructor(
    private readonly database: Database,
    private readonly events: EventBus,
    private readonly silences: SilenceRepository,
    private readonly anomalies: AnomalyRepository,
    private readonly groups: AnomalyGroups,
    private readonly loader: SilenceLoader,
    @InjectMetric(ANOMALIES) private readonly counted: Counter,
  ) {}

  /** False when somebody else went on from `from`: nothing was written. */
  async commit(
    environmentId: string,
    memory: SilenceMemory,
    range: { readonly from: EpochMs; readonly until: EpochMs; readonly keep: number },
    happenings: readonly SilenceHappening[],
    keepSnapshot: boolean,
  ): Promise<boolean> {
    const snapshot = keepSnapshot ? await this.loader.snapshotOf(memory) : null;
    const open = await this.database.transaction(async (tx) => {
      if ((await this.silences.lock(tx, environmentId)) !== range.from) return undefined;
      const ids: OpenIds = new Map(memory.open);
      for (const happening of happenings) {
        if ('opened' in happening) await this.open(tx, environmentId, happening.opened, ids, happening.at);
        else await this.end(tx, environmentId, happening.ended, ids, happening.at);
      }
      await this.silences.advance(tx, environmentId, range, snapshot);
      return ids;
    });
    if (!open) return false;
    memory.open.clear();
    for (const [like, id] of open) memory.open.set(like, id);
    for (const happening of happenings) {
      const opened = 'opened' in happening ? happening.opened : [];
      // That stretch was told of before, and ended since: what is told of now can only begin now.
      for (const { like, at } of opened) if (!open.has(like)) restartSilence(memory.book, like, at);
      this.counted.inc({ event: 'opened' }, opened.length);
      this.counted.inc({ event: 'ended' }, 'ended' in happening ? happening.ended.length : 0);
    }
    return true;
  }

  private async open(
    tx: Transaction,
    environmentId: string,
    openings: readonly SilenceOpening[],
    open: OpenIds,
    at: EpochMs,
  ): Promise<void> {
    const found = openings.map((opening) => ({ like: opening.like, anomaly: anomalyOf(environmentId, opening) }));
    const isNew = await this.anomalies.open(
      tx,
      environmentId,
      found.map(({ anomaly }) => anomaly),
    );
    const fresh = found.filter(({ anomaly }) => isNew.has(anomaly.id));
    for (const { like, anomaly } of fresh) open.set(like, anomaly.id);
    const rows = fresh.map(({ anomaly }) => anomaly);
    const groups = await this.groups.open(tx, environmentId, rows, at);
    const detected = rows.map((row) => factsOf({ ...row, groupId: groups.get(row.id) ?? null }));
    await this.events.publishMany(tx, AnomalyDetected, detected, { environmentId });
  }

  private async end(
    tx: Transaction,
    environmentId: string,
    closings: readonly SilenceClosing[],
    open: OpenIds,
    at: EpochMs,
  ): Promise<void> {
    const changes = closings.flatMap(({ like, anomalyId, endedAt, score, reason, adopted, at: known }) => {
      const id = anomalyId ?? open.get(like);
      open.delete(like);
      const peak = { at: known, score, value: NaN, yhat: NaN, yhatLower: NaN, yhatUpper: NaN };
      return id === undefined
        ? []
        : [{ id, peak, contributions: { missing: score }, end: { at: endedAt, reason, adopted } }];
    });
    const over = await this.anomalies.change(tx, changes);
    await this.groups.end(tx, environmentId, over, at);
    const ended = over.map((anomaly) => ({
      ...factsOf(anomaly),
      endedAt: anomaly.endedAt!.toISOString(),
      reason: anomaly.endReason!,
    }));
    await this.events.publishMany(tx, AnomalyEnded, ended, { environmentId });
  }
}

function anomalyOf(environmentId: string, opening: SilenceOpening): AnomalyRow {
  const { seriesId, labels, startedAt, at, score, silence } = opening;
  return {
    id: newId(),
    environmentId,
    seriesId,
    labels,
    detector: SILENCE_DETECTOR,
    state: 'open',
    startedAt: new Date(startedAt),
    endedAt: null,
    endReason: null,
    adopted: false,
    peakAt: new Date(at),
    score,
    value: null,
    yhat: null,
    yhatLower: null,
    yhatUpper: null,
    contributions: { missing: score },
    groupId: null,
    silence,
  };
}
