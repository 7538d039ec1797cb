import { Injectable, Logger } from '@nestjs/common';
import type { DetectorUpdate } from '../../engine/detection/detector.js';
import { ChannelEnsemble } from '../../engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../engine/detection/ensemble/ensemble-settings.js';
import type { EnsembleState } from '../../engine/detection/ensemble/ensemble-state.js';
import { runWindowModel, type WindowModelAnswer } from '../../engine/detection/learned/window-model.js';
import { InjectConfig } from '../../platform/config/define-config.js';
import type { ActiveModels } from '../../modules/anomaly-detection/index.js';
import { aiApiConfig, type AiApiConfig } from './ai-api.config.js';
import { ScoringBusyError } from './ai-api.errors.js';
import type { PreparedWindows } from './windows.js';

/** Points that are scored before other requests get a turn: well under a millisecond of work. */
const POINTS_PER_TURN = 500;

export interface WindowScores {
  readonly detector: ChannelEnsemble;
  readonly states: readonly EnsembleState[];
  /** One for each tick, or only the newest. */
  readonly updates: readonly DetectorUpdate[];
  /** Why the learned model took no part in the newest point; null where it did, or none is active. */
  readonly degraded: string | null;
}

/**
 * Scores windows from nothing, in this process: plain channels are cheap. It gives way to other requests all the
 * time. A learned model looks at the newest point only, and runs in a process of its own.
 */
@Injectable()
export class WindowScorer {
  private readonly logger = new Logger(WindowScorer.name);
  private queued = 0;

  constructor(@InjectConfig(aiApiConfig) private readonly config: AiApiConfig) {}

  async score(
    { grid, series, points }: PreparedWindows,
    models: ActiveModels,
    falseAlarmsPerWeek: number,
    keepAll: boolean,
  ): Promise<WindowScores> {
    if (this.queued > 0 && this.queued + points > this.config.maxQueuedPoints) throw new ScoringBusyError();
    this.queued += points;
    try {
      const boundary = models.calibration?.boundaryFor(falseAlarmsPerWeek);
      const settings = { ...DEFAULT_ENSEMBLE_SETTINGS, falseAlarmsPerWeek, boundary };
      const learned = models.windowModel?.inputs ?? null;
      const detector = new ChannelEnsemble(settings, learned);
      const states = series.map(() => detector.createState());
      const updates: DetectorUpdate[] = [];
      const seriesSettings = series.map((one) => one.settings);
      let degraded = models.degraded;
      let sinceTurn = 0;
      for (let tick = 0; tick < grid.count; tick += 1) {
        const newest = tick === grid.count - 1;
        const values = new Float64Array(series.length);
        for (let i = 0; i < series.length; i += 1) values[i] = series[i]!.values[tick]!;
        const time = grid.first + tick * grid.stepMs;
        const batch = { time, stepMs: grid.stepMs, states, values, settings: seriesSettings };
        const prepared = detector.prepare(batch, newest ? learned : null);
        let answer: WindowModelAnswer | null = null;
        if (newest && models.windowModel && prepared.windows) {
          try {
            answer = await runWindowModel(prepared.windows, models.windowModel.inputs, models.windowModel.run);
          } catch (error) {
            degraded = error instanceof Error ? error.message : String(error);
            this.logger.warn({ msg: 'windows were scored without the learned model', reason: degraded });
          }
        }
        const update = detector.finish(batch, prepared, answer);
        if (newest || keepAll) updates.push(update);
        sinceTurn += series.length;
        if (sinceTurn >= POINTS_PER_TURN) {
          sinceTurn = 0;
          await turn();
        }
      }
      return { detector, states, updates, degraded };
    } finally {
      this.queued -= points;
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
