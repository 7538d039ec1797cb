import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import type { TimeRange } from '../../../kernel/time-series.js';
import type { LabelledStretch, LabelSource, LabelSources } from '../../anomaly-detection/index.js';
import { SimulationRepository } from '../data/simulation.repository.js';

/** Faults that were injected into a simulated environment, as score cards take them. */
@Injectable()
export class FaultLabels implements LabelSource, OnModuleInit {
  readonly name = 'simulation' as const;

  constructor(
    private readonly simulations: SimulationRepository,
    // By name, for detection can be turned off, and then its sources are not loaded.
    @Optional() @Inject('anomaly-detection.label-sources') private readonly sources: LabelSources | undefined,
  ) {}

  onModuleInit(): void {
    this.sources?.register(this);
  }

  /** A fault shows wherever requests pass, so any service counts. One that lasts counts to the end of the range. */
  async labels(environmentId: string, range: TimeRange): Promise<readonly LabelledStretch[]> {
    const simulation = await this.simulations.find(environmentId);
    if (!simulation) return [];
    const truth = await this.simulations.groundTruth(environmentId);
    const at = (step: number): number => simulation.startedAt.getTime() + step * 1000;
    return (truth?.faults ?? []).flatMap(({ name, kind, where, from, to, harmedAt }) => {
      const stretch = { from: at(from), to: to === null ? range.to : at(to) };
      if (stretch.to <= range.from || stretch.from >= range.to || stretch.from >= stretch.to) return [];
      const harmed = harmedAt === null ? null : at(harmedAt);
      return [{ ...stretch, id: `${name}-${from}`, kind, where, harmedAt: harmed, services: null, branch: null }];
    });
  }
}
