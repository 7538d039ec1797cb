import { Injectable } from '@nestjs/common';
import type { LabelledStretch } from '../../../engine/scorecard/score-card.types.js';
import type { TimeRange } from '../../../kernel/time-series.js';

export const LABEL_SOURCES = ['incidents', 'feedback', 'simulation'] as const;
export type LabelSourceName = (typeof LABEL_SOURCES)[number];

/** Knows stretches of an environment's past in which something was wrong. */
export interface LabelSource {
  readonly name: LabelSourceName;
  labels(environmentId: string, range: TimeRange): Promise<readonly LabelledStretch[]>;
}

/** Modules above this one hand in what they know: incidents that users confirmed, faults that were injected. */
@Injectable()
export class LabelSources {
  private readonly sources = new Map<LabelSourceName, LabelSource>();

  register(source: LabelSource): void {
    this.sources.set(source.name, source);
  }

  /** Empty where the module that knows is off. */
  async labels(name: LabelSourceName, environmentId: string, range: TimeRange): Promise<readonly LabelledStretch[]> {
    return (await this.sources.get(name)?.labels(environmentId, range)) ?? [];
  }
}
