import { Injectable } from '@nestjs/common';
import { compareAnomalies } from '../../../engine/detection/settings/compare-anomalies.js';
import type { ResolvedSeries } from '../../../engine/detection/settings/detection-settings.types.js';
import {
  findAnomalies,
  type FoundAnomaly,
  type HistoryFindings,
  type ObservedStretch,
} from '../../../engine/detection/settings/find-anomalies.js';
import type { Series } from '../../telemetry/index.js';
import type { AnomalyExample, ChangeEffect } from '../feedback/feedback.types.js';
import type { MakeDetector } from './study-detectors.js';
import { StudyHistory, type StudyRange, type StudyValues } from './study-history.js';
import { StudyCancelled, type StudyProgress } from './study.types.js';

/** What a series is scored with: suppression and exclusion included. */
export type SeriesVariant = Pick<ResolvedSeries, 'settings' | 'excluded' | 'suppression'>;

export interface ChangedSeries {
  readonly series: Series;
  readonly before: SeriesVariant;
  readonly after: SeriesVariant;
}

const EXAMPLES = 20;

/** Whether a change could make a difference to the series at all. */
export function differs(before: SeriesVariant, after: SeriesVariant): boolean {
  return variantKey(before) !== variantKey(after);
}

function variantKey({ settings, excluded, suppression }: SeriesVariant): string {
  return excluded === null ? JSON.stringify([settings, suppression?.key ?? null]) : 'excluded';
}

/** Runs the detector over stored history with what is, and with what is proposed. */
@Injectable()
export class ChangeStudy {
  constructor(private readonly history: StudyHistory) {}

  async run(
    range: StudyRange,
    changed: readonly ChangedSeries[],
    detectors: { readonly before: MakeDetector; readonly after: MakeDetector },
    progress: StudyProgress,
  ): Promise<{ readonly effect: ChangeEffect; readonly after: readonly FoundAnomaly[] }> {
    const chunks = this.history.chunks(changed, range);
    const total = chunks.length * 2 * range.grid.count;
    const before: FoundAnomaly[] = [];
    const after: FoundAnomaly[] = [];
    let offset = 0;
    let knownFrom = range.to;
    for (const [number, chunk] of chunks.entries()) {
      const values = await this.history.known(
        chunk.map(({ series }) => series),
        range,
      );
      if (values.grid.count > 0) knownFrom = Math.min(knownFrom, values.grid.first);
      for (const variant of ['before', 'after'] as const) {
        const done = (2 * number + (variant === 'after' ? 1 : 0)) * range.grid.count;
        const { anomalies } = await this.find(
          values,
          chunk.map((one) => one[variant]),
          detectors[variant],
          (ticks) => progress(done + ticks, total),
        );
        const list = variant === 'before' ? before : after;
        for (const anomaly of anomalies) list.push({ ...anomaly, index: anomaly.index + offset });
      }
      offset += chunk.length;
    }
    const looked = { from: Math.min(Math.max(range.from, knownFrom), range.to - range.tickMs), to: range.to };
    const { vanishing, coming, ...counts } = compareAnomalies(before, after, looked);
    const example = (anomaly: FoundAnomaly) => exampleOf(anomaly, changed[anomaly.index]!.series);
    const effect = {
      from: new Date(looked.from).toISOString(),
      to: new Date(range.to).toISOString(),
      series: changed.length,
      ...counts,
      vanish: vanishing.length,
      come: coming.length,
      vanishing: vanishing.slice(0, EXAMPLES).map(example),
      coming: coming.slice(0, EXAMPLES).map(example),
    };
    return { effect, after };
  }

  /** Excluded series find nothing. Throws `StudyCancelled`. */
  async find(
    { grid, values }: StudyValues,
    variants: readonly SeriesVariant[],
    make: MakeDetector,
    onTicks: (ticks: number) => Promise<boolean>,
    observe?: ObservedStretch,
  ): Promise<HistoryFindings> {
    const scored = variants.flatMap(({ excluded }, index) => (excluded === null ? [index] : []));
    const findings = await findAnomalies({
      ...make(),
      grid,
      series: scored.map((index) => ({ values: values[index]!, ...variants[index]! })),
      ...(observe && scored.includes(observe.index)
        ? { observe: { ...observe, index: scored.indexOf(observe.index) } }
        : {}),
      onProgress: async (ticks) => {
        if (!(await onTicks(ticks))) throw new StudyCancelled();
        return true;
      },
    });
    return {
      ...findings,
      anomalies: findings.anomalies.map((one) => ({ ...one, index: scored[one.index]! })),
    };
  }
}

export function exampleOf({ startedAt, endedAt, peak }: FoundAnomaly, { id, labels }: Series): AnomalyExample {
  return {
    seriesId: id,
    labels,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    score: peak.score,
    value: peak.value,
    yhat: peak.yhat,
  };
}
