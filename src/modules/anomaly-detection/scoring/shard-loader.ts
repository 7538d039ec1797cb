import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { CALM, type TrackerState } from '../../../engine/detection/anomaly-tracker.js';
import type { PastStretch } from '../../../engine/detection/detector.js';
import { NO_CARRY, resample, type TickGrid } from '../../../engine/detection/resample.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { WINDOWS_REBUILT } from '../anomaly-detection.metrics.js';
import { AnomalyRepository } from '../data/anomaly.repository.js';
import type { AnomalyRow, ShardRow } from '../data/rows.js';
import { SeriesStateRepository } from '../data/series-state.repository.js';
import { SeriesRules } from './series-rules.js';
import type { Shard, ShardSeries, ShardTarget } from './shard.js';
import { idsOfShard } from './shard-plan.js';

/** Event time after which the list of series is read again, for series that ended or were dropped. */
const SERIES_REFRESH_MS = 60_000;

/** Fills a shard's windows from the database: at the first tick, after a restart, or after another worker's turn. */
@Injectable()
export class ShardLoader {
  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly anomalies: AnomalyRepository,
    private readonly states: SeriesStateRepository,
    private readonly rules: SeriesRules,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
    @InjectMetric(WINDOWS_REBUILT) private readonly rebuilt: Counter,
  ) {}

  /** An empty shard that `catchUp` and `refreshSeries` fill. */
  create(target: ShardTarget, cursor: EpochMs): Shard {
    return {
      environmentId: target.environmentId,
      number: target.shard,
      tickMs: target.tickMs,
      cursor,
      rows: new Map(),
      seriesReadAt: -Infinity,
    };
  }

  /** Brings windows that are behind to where the shard was scored, without scoring again. */
  async catchUp(shard: Shard, row: ShardRow, cursor: EpochMs): Promise<void> {
    if (shard.rows.size > 0 && shard.cursor < cursor) {
      this.rebuilt.inc({ extent: 'behind' });
      await this.replay(shard, [...shard.rows.values()], row, shard.cursor, cursor);
    }
    shard.cursor = cursor;
  }

  /** Reads the list of series when it is due; series that are new here get their windows from history. */
  async refreshSeries(shard: Shard, row: ShardRow, expectedSeries: number): Promise<void> {
    const due = shard.cursor - shard.seriesReadAt >= SERIES_REFRESH_MS;
    if (!due && shard.rows.size === expectedSeries) return;
    const found = await this.telemetry.seriesByIds(
      shard.environmentId,
      idsOfShard(shard.number, this.config.shardSize),
    );
    const sources = found.filter((series) => series.derivedFrom === null);
    const present = new Set(sources.map((series) => series.id));
    for (const id of shard.rows.keys()) if (!present.has(id)) shard.rows.delete(id);

    const fresh: ShardSeries[] = [];
    for (const series of sources) {
      const known = shard.rows.get(series.id);
      if (known) {
        shard.rows.set(series.id, Object.assign(known, { series }));
        continue;
      }
      fresh.push({
        series,
        profile: this.rules.profileOf(series),
        detection: this.rules.detector.createState(),
        carry: NO_CARRY,
        anomalyId: null,
        reported: null,
        derivedIds: null,
      });
    }
    shard.seriesReadAt = shard.cursor;
    if (fresh.length === 0) return;
    if (shard.rows.size === 0) this.rebuilt.inc({ extent: 'cold' });
    for (const added of fresh) shard.rows.set(added.series.id, added);
    const reported = await this.states.of(
      shard.environmentId,
      fresh.map((added) => added.series.id),
    );
    for (const added of fresh) added.reported = reported.get(added.series.id) ?? null;
    await this.replay(shard, fresh, row, await this.historyStart(shard, row), shard.cursor);
  }

  /** Far enough back to fill a window before every anomaly that is still open. */
  private async historyStart(shard: Shard, row: ShardRow): Promise<EpochMs> {
    const window = Math.max(this.config.warmStartMinutes * 60_000, this.config.windowPoints * shard.tickMs);
    const starts = Object.values(row.trackers).flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
    const earliest = Math.min(shard.cursor, ...starts) - window;
    return Math.floor(earliest / shard.tickMs) * shard.tickMs;
  }

  private async replay(
    shard: Shard,
    rows: readonly ShardSeries[],
    row: ShardRow,
    from: EpochMs,
    to: EpochMs,
  ): Promise<void> {
    const scored = rows.filter(({ profile }) => profile.excluded === null);
    const grid: TickGrid = { first: from + shard.tickMs, stepMs: shard.tickMs, count: (to - from) / shard.tickMs };
    const samples = await this.telemetry.readSamples(
      shard.environmentId,
      scored.map(({ series }) => series.id),
      { from, to },
    );
    const past = bySeries(
      await this.anomalies.ofSeries(
        scored.map(({ series }) => series.id),
        from,
      ),
    );
    for (const added of scored) {
      const { id } = added.series;
      const { values, carry } = resample(samples.get(id), grid, added.profile.unit, added.carry);
      const own = past.get(id) ?? [];
      const open = own.find((anomaly) => anomaly.state === 'open');
      this.rules.detector.replay(added.detection, {
        grid,
        values,
        stretches: own.flatMap(toStretch),
        tracker: row.trackers[id] ?? trackerOf(open),
      });
      added.carry = carry;
      added.anomalyId = open?.id ?? null;
    }
  }
}

function bySeries(anomalies: readonly AnomalyRow[]): Map<number, AnomalyRow[]> {
  const map = new Map<number, AnomalyRow[]>();
  for (const anomaly of anomalies) {
    const list = map.get(anomaly.seriesId);
    if (list) list.push(anomaly);
    else map.set(anomaly.seriesId, [anomaly]);
  }
  return map;
}

/** For an open anomaly whose tracker was not stored: the shard was cut differently then. */
function trackerOf(open: AnomalyRow | undefined): TrackerState {
  if (!open) return CALM;
  const { score, value, yhat, yhatLower, yhatUpper } = open;
  const peak = { at: open.peakAt.getTime(), score, value, yhat, yhatLower, yhatUpper };
  return { ...CALM, phase: 'open', startedAt: open.startedAt.getTime(), points: 1, peak };
}

function toStretch({ startedAt, endedAt, value, adopted }: AnomalyRow): PastStretch[] {
  if (endedAt === null) return [];
  return [{ startedAt: startedAt.getTime(), endedAt: endedAt.getTime(), peakValue: value, adopted }];
}
