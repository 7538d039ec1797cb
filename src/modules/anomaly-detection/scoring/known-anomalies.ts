import { Injectable } from '@nestjs/common';
import { CALM, type TrackerState } from '../../../engine/detection/anomaly-tracker.js';
import type { Detector } from '../../../engine/detection/detector.js';
import { AnomalyRepository } from '../data/anomaly.repository.js';
import type { AnomalyRow, StoredTrackers } from '../data/rows.js';
import type { ShardSeries } from './shard.js';

/**
 * What was committed about anomalies is the truth, and states that were brought forward agree with it: nothing is
 * opened twice, and what is open is ended by someone, even where late samples made the second look differ.
 */
@Injectable()
export class KnownAnomalies {
  constructor(private readonly anomalies: AnomalyRepository) {}

  async agree(detector: Detector, rows: readonly ShardSeries[], trackers: StoredTrackers): Promise<void> {
    const open = await this.anomalies.openRows(rows.map(({ series }) => series.id));
    const bySeries = new Map(open.map((anomaly) => [anomaly.seriesId, anomaly]));
    for (const row of rows) {
      const anomaly = bySeries.get(row.series.id);
      row.anomalyId = anomaly?.id ?? null;
      // Of a series that is no longer scored only what is open matters: it has to end.
      if (row.profile.excluded !== null && !anomaly) continue;
      const known = trackers[row.series.id] ?? trackerOf(anomaly);
      const own = row.detection.tracker;
      if (own.phase === known.phase && own.startedAt === known.startedAt) continue;
      detector.interrupt(row.detection);
      if (known.phase !== 'calm') (row.detection as { tracker: TrackerState }).tracker = known;
    }
  }
}

/** For an open anomaly whose tracker was not stored: the shard was cut differently then. */
function trackerOf(open: AnomalyRow | undefined): TrackerState {
  if (!open) return CALM;
  const { score, value, yhat, yhatLower, yhatUpper } = open;
  const known = {
    value: value ?? NaN,
    yhat: yhat ?? NaN,
    yhatLower: yhatLower ?? NaN,
    yhatUpper: yhatUpper ?? NaN,
  };
  const peak = { at: open.peakAt.getTime(), score, ...known };
  return { ...CALM, phase: 'open', startedAt: open.startedAt.getTime(), points: 1, peak };
}
