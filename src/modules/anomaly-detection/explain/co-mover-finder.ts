import { Injectable } from '@nestjs/common';
import { rankCoMovers, type CoMover } from '../../../engine/detection/explain/co-movers.js';
import { serviceOf } from '../../../engine/detection/service/service-name.js';
import { scoredUnit } from '../../../engine/detection/series-unit.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { TelemetryReader } from '../../telemetry/index.js';
import type { AnomalyRow } from '../data/rows.js';
import { ExplanationReadModel } from './explanation.read-model.js';

/** Another series counts where it was unusual at most so long before or after. */
const AROUND_MS = 120_000;
const MOST_ANOMALIES = 500;
const MOST_SERIES = 500;

/** What else was unusual when an anomaly was at its peak: other anomalies, and recorded scores of the same service. */
@Injectable()
export class CoMoverFinder {
  constructor(
    private readonly readModel: ExplanationReadModel,
    private readonly telemetry: TelemetryReader,
  ) {}

  async find(anomaly: AnomalyRow, tickMs: number): Promise<readonly CoMover[]> {
    const around = Math.max(AROUND_MS, 4 * tickMs);
    const from = anomaly.peakAt.getTime() - around;
    const to = anomaly.peakAt.getTime() + around;
    const [anomalies, neighbours] = await Promise.all([
      this.readModel.overlapping(anomaly.environmentId, new Date(from), new Date(to), MOST_ANOMALIES),
      this.neighbours(anomaly, from, to),
    ]);
    const found = new Map<number, CoMover>(neighbours);
    for (const { seriesId, labels, score } of anomalies) {
      if (seriesId === anomaly.seriesId) continue;
      found.set(seriesId, { seriesId, labels, unit: scoredUnit(labels, 'unknown'), score });
    }
    return rankCoMovers([...found.values()], anomaly.labels);
  }

  /** Series of the same service by their recorded score, whether it passed 1 or not. */
  private async neighbours(anomaly: AnomalyRow, from: number, to: number): Promise<readonly [number, CoMover][]> {
    const service = serviceOf(anomaly.labels);
    if (service === null) return [];
    const selector = [
      { name: METRIC_NAME_LABEL, operator: '=', value: 'anomaly_score' },
      { name: 'service', operator: '=', value: service.service },
    ] as const;
    const { environmentId } = anomaly;
    const { items } = await this.telemetry.findSeries(environmentId, {
      selectors: [selector],
      includeDerived: true,
      limit: MOST_SERIES,
    });
    const derived = items.filter(({ derivedFrom }) => derivedFrom !== null && derivedFrom !== anomaly.seriesId);
    const samples = await this.telemetry.readSamples(
      environmentId,
      derived.map(({ id }) => id),
      { from, to },
    );
    return derived.flatMap(({ id, labels, derivedFrom }) => {
      const window = samples.get(id);
      if (window === undefined) return [];
      const source = sourceOf(labels);
      const score = window.values.reduce((highest, value) => (value > highest ? value : highest), -Infinity);
      return [[derivedFrom!, { seriesId: derivedFrom!, labels: source, unit: scoredUnit(source, 'unknown'), score }]];
    });
  }
}

/** Labels of the series that a recorded score belongs to. */
function sourceOf({ for: metric, ...labels }: Labels): Labels {
  return { ...labels, [METRIC_NAME_LABEL]: metric ?? '' };
}
