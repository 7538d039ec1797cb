import { BaselineDetector } from '../../../engine/detection/baselines/baseline-detector.js';
import { createBaselineDetectors } from '../../../engine/detection/baselines/detectors.js';
import type { DetectorState, Detector, GraphRunner } from '../../../engine/detection/detector.js';
import { ChannelEnsemble } from '../../../engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../../engine/detection/ensemble/ensemble-settings.js';
import { DEFAULT_SURPRISE } from '../../../engine/detection/novelty/surprise.js';
import { robustWindowReference } from '../../../engine/detection/robust-window.graph.js';
import { RobustWindowDetector } from '../../../engine/detection/robust-window.js';
import type { DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import { createWatcher, type Watcher } from '../../../engine/scorecard/watcher.js';
import { defaultSettings } from '../../../engine/watch/default-settings.js';
import type { WatchOptions } from '../../../engine/watch/watch.types.js';

/** The shipped one first. */
export const DETECTOR_NAMES = [
  'channel-ensemble',
  'robust-window',
  'windowed-gaussian',
  'value-knn',
  'range-novelty',
] as const;

export type DetectorName = (typeof DETECTOR_NAMES)[number];

export const SHIPPED_DETECTOR: DetectorName = 'channel-ensemble';

/** A detector with its settings, as plain data: it travels to other threads. */
export interface DetectorChoice {
  /** In reports. */
  readonly title: string;
  readonly detector: DetectorName;
  readonly falseAlarmsPerWeek: number;
  /** Settings per label matcher, as the service keeps them. */
  readonly knobs?: DetectionSettings;
  readonly serviceSignals?: boolean;
  /** In place of those by metric name. */
  readonly minimumDeviation?: number;
  /** Whether the detector also tells how notable each point is, if it can; NAB is scored by that. Default false. */
  readonly surprise?: boolean;
}

const NO_MODEL: GraphRunner = () => Promise.reject(new Error('This detector runs no model.'));

export function makeDetector({ detector, falseAlarmsPerWeek, surprise = false }: DetectorChoice): {
  readonly detector: Detector<DetectorState>;
  readonly run: GraphRunner;
} {
  switch (detector) {
    case 'channel-ensemble':
      return {
        detector: hide(
          new ChannelEnsemble({
            ...DEFAULT_ENSEMBLE_SETTINGS,
            falseAlarmsPerWeek,
            surprise: surprise ? DEFAULT_SURPRISE : null,
          }),
        ),
        run: NO_MODEL,
      };
    case 'robust-window':
      return { detector: hide(new RobustWindowDetector()), run: robustWindowReference };
    default: {
      const found = createBaselineDetectors().find(({ id }) => id === detector);
      if (!(found instanceof BaselineDetector)) throw new Error(`There is no detector ${detector}.`);
      return { detector: hide(found), run: NO_MODEL };
    }
  }
}

export function makeWatcher(choice: DetectorChoice, stepMs: number, tracePoints: number): Watcher {
  const { detector, run } = makeDetector(choice);
  const { knobs, serviceSignals = true, minimumDeviation } = choice;
  const options: WatchOptions<DetectorState> = {
    detector,
    stepMs,
    tracePoints,
    serviceSignals,
    ...(knobs !== undefined && { knobs }),
    ...(minimumDeviation !== undefined && {
      settingsOf: (series, unit) => ({ ...defaultSettings(series, unit), minimumDeviation }),
    }),
  };
  return createWatcher(choice.title, options, run);
}

/** What a detector keeps is its own business: it only gets states that it made. */
function hide<S extends DetectorState>(detector: Detector<S>): Detector<DetectorState> {
  return detector as unknown as Detector<DetectorState>;
}
