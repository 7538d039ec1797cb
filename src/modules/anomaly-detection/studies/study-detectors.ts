import { Injectable } from '@nestjs/common';
import type { Detector, GraphRunner } from '../../../engine/detection/detector.js';
import { ModelRunner } from '../../../platform/inference/model-runner.js';
import { ModelChoice } from '../models/model-choice.js';
import { Detectors } from '../scoring/detectors.js';

/** One for each run over some series: a detector may keep notes between its steps. */
export type MakeDetector = () => { readonly detector: Detector; readonly run: GraphRunner };

/** The detector that scores an environment now, with its models, for use on stored history. */
@Injectable()
export class StudyDetectors {
  constructor(
    private readonly detectors: Detectors,
    private readonly choice: ModelChoice,
    private readonly models: ModelRunner,
  ) {}

  /** @param falseAlarmsPerWeek per 1,000 series */
  async of(environmentId: string, falseAlarmsPerWeek: number): Promise<MakeDetector> {
    const active = await this.choice.activeFor(environmentId);
    return () => {
      const detector = this.detectors.create(falseAlarmsPerWeek, active);
      return { detector, run: (inputs) => this.models.run(detector, inputs) };
    };
  }
}
