import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { LabelledStretch } from '../../../engine/scorecard/score-card.types.js';
import { serviceOf } from '../../../engine/watch/service-of.js';
import { formatSeries, type TimeRange } from '../../../kernel/time-series.js';
import { FeedbackRepository } from '../feedback/feedback.repository.js';
import { LabelSources, type LabelSource } from './label-sources.js';

/** Stretches that users called missed. "Not an anomaly" needs no label: what is found there counts as false anyway. */
@Injectable()
export class FeedbackLabels implements LabelSource, OnModuleInit {
  readonly name = 'feedback' as const;

  constructor(
    private readonly feedback: FeedbackRepository,
    private readonly sources: LabelSources,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  async labels(environmentId: string, range: TimeRange): Promise<readonly LabelledStretch[]> {
    const given = await this.feedback.active(environmentId);
    return given
      .filter(({ kind, from, to }) => kind === 'missed' && from.getTime() < range.to && to.getTime() > range.from)
      .map(({ id, labels, from, to }) => {
        const service = serviceOf(labels);
        return {
          id,
          kind: 'feedback',
          where: formatSeries(labels),
          from: from.getTime(),
          to: to.getTime(),
          harmedAt: from.getTime(),
          services: service === null ? null : [service],
          branch: null,
        };
      });
  }
}
