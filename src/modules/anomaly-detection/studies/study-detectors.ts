import { Injectable } from '@nestjs/common';
import { createBaselineDetectors } from '../../../engine/detection/baselines/detectors.js';
import type { Detector, GraphRunner } from '../../../engine/detection/detector.js';
import { ModelRunner } from '../../../platform/inference/model-runner.js';
import { ModelChoice } from '../models/model-choice.js';
import { Detectors, type ShippedDetector } from '../scoring/detectors.js';
import type { ScoredDetector } from '../scorecards/score-card-task.js';

/** One for each run over some series: a detector may keep notes between its steps. */
export type MakeDetector = () => { readonly detector: Detector; readonly run: GraphRunner };

const NO_MODEL: GraphRunner = () => Promise.reject(new Error('This detector runs no model.'));

/** Undefined: the configured one. */
function shippedOf(named: ScoredDetector | undefined): ShippedDetector | undefined {
  return named === 'channel-ensemble' || named === 'robust-window' ? named : undefined;
}

/** The detector that scores an environment now, with its models, for use on stored history. */
@Injectable()
export class StudyDetectors {
  constructor(
    private readonly detectors: Detectors,
    private readonly choice: ModelChoice,
    private readonly models: ModelRunner,
  ) {}

  /**
   * @param falseAlarmsPerWeek per 1,000 series
   * @param named in place of the one that scores the environment
   */
  async of(environmentId: string, falseAlarmsPerWeek: number, named?: ScoredDetector): Promise<MakeDetector> {
    const simple = createBaselineDetectors().find(({ id }) => id === named);
    if (simple !== undefined) return () => ({ detector: simple as unknown as Detector, run: NO_MODEL });
    const active = await this.choice.activeFor(environmentId);
    return () => {
      const detector = this.detectors.create(falseAlarmsPerWeek, active, [], shippedOf(named));
      return { detector, run: (inputs) => this.models.run(detector, inputs) };
    };
  }
}
