import { Injectable, Logger } from '@nestjs/common';
import { serviceOf } from '../../../../engine/watch/service-of.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import { formatSeries, type TimeRange } from '../../../../kernel/time-series.js';
import { TelemetryReader } from '../../../telemetry/index.js';
import { FeedbackRepository } from '../../feedback/feedback.repository.js';
import { LABEL_SOURCES, LabelSources, type LabelSourceName } from '../../scorecards/label-sources.js';

/** A stretch of which somebody, or the simulation, knows what was going on. */
export interface ModelLabel extends TimeRange {
  readonly source: LabelSourceName;
  /** True: something was wrong. False: somebody said that this was normal. */
  readonly wrong: boolean;
  /** Series on which it shows; null where it may show on others. */
  readonly seriesIds: readonly number[] | null;
  /** Services on which it can show; null: any. */
  readonly services: readonly string[] | null;
  /** For people. */
  readonly what: string;
}

/** Service of each series that is named, null where it has none. */
export type ServiceBySeries = ReadonlyMap<number, string | null>;

export interface LabelledRange {
  readonly labels: readonly ModelLabel[];
  readonly services: ServiceBySeries;
}

/** All that is known about a range: feedback, confirmed incidents, faults that were injected. */
@Injectable()
export class ModelLabels {
  private readonly logger = new Logger(ModelLabels.name);

  constructor(
    private readonly sources: LabelSources,
    private readonly feedback: FeedbackRepository,
    private readonly telemetry: TelemetryReader,
  ) {}

  /** @param seriesIds series that anomalies are about, whose services are looked up */
  async of(environmentId: string, range: TimeRange, seriesIds: readonly number[]): Promise<LabelledRange> {
    const others = LABEL_SOURCES.filter((name) => name !== 'feedback');
    const found = await Promise.all([
      this.feedbackOf(environmentId, range),
      ...others.map((name) => this.stretchesOf(name, environmentId, range)),
    ]);
    const labels = found.flat();
    const needed = labels.some(({ services }) => services !== null) ? [...new Set(seriesIds)] : [];
    const series = needed.length === 0 ? [] : await this.telemetry.seriesByIds(environmentId, needed);
    return { labels, services: new Map(series.map((one) => [one.id, serviceOf(one.labels)])) };
  }

  private async feedbackOf(environmentId: string, range: TimeRange): Promise<ModelLabel[]> {
    const given = await this.feedback.active(environmentId);
    return given
      .filter(({ from, to }) => from.getTime() < range.to && to.getTime() > range.from)
      .map(({ kind, seriesId, labels, from, to }) => ({
        source: 'feedback',
        wrong: kind === 'missed',
        seriesIds: [seriesId],
        services: null,
        from: from.getTime(),
        to: to.getTime(),
        what: formatSeries(labels),
      }));
  }

  /** A source that fails is left out, with a warning: a card with fewer labels is better than none. */
  private async stretchesOf(source: LabelSourceName, environmentId: string, range: TimeRange): Promise<ModelLabel[]> {
    try {
      const stretches = await this.sources.labels(source, environmentId, range);
      return stretches.map(({ kind, where, from, to, services }) => ({
        source,
        wrong: true,
        seriesIds: null,
        services,
        from,
        to,
        what: `${kind}, ${where}`,
      }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg: 'labels could not be read', source, reason });
      return [];
    }
  }
}

/** A detection shortly after a stretch is about it. */
const GRACE_MS = 600_000;

/** Whether something that a series showed from `from` to `to` is about the label. */
export function concerns(
  label: ModelLabel,
  shown: { readonly seriesId: number; readonly from: EpochMs; readonly to: EpochMs },
  services: ServiceBySeries,
): boolean {
  if (label.seriesIds !== null && !label.seriesIds.includes(shown.seriesId)) return false;
  const service = services.get(shown.seriesId) ?? null;
  // A series of no service, such as a node's, can show anything.
  if (label.services !== null && service !== null && !label.services.includes(service)) return false;
  return shown.from < label.to + GRACE_MS && shown.to > label.from;
}
