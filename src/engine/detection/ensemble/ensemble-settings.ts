import type { Calibration } from '../calibration/calibration.types.js';
import { DEFAULT_TRACKER_SETTINGS, type TrackerSettings } from '../anomaly-tracker.js';
import type { SurpriseSettings } from '../novelty/surprise.js';

export interface EnsembleSettings {
  /** Anomalies per week that a fleet of 1,000 calm series may open: sets what 1.0 means, through the calibration table. */
  readonly falseAlarmsPerWeek: number;
  /** Fitted to the environment (`fitCalibration`); default: the shipped one. */
  readonly calibration?: Calibration;
  /** Raw score at the boundary; set it only where the calibration table does not apply. Greater than 0. */
  readonly boundary?: number;
  /** Points with a value before a series is scored. */
  readonly minimumPoints: number;
  readonly tracker: TrackerSettings;
  /** Null, and the default: surprise is not computed, and states keep nothing for it. `DEFAULT_SURPRISE` turns it on. */
  readonly surprise?: SurpriseSettings | null;
}

export const DEFAULT_ENSEMBLE_SETTINGS: EnsembleSettings = {
  falseAlarmsPerWeek: 1,
  minimumPoints: 12,
  tracker: DEFAULT_TRACKER_SETTINGS,
};

/** A `sensitivity` of the series that leaves the calibrated boundary as it is. */
export const USUAL_SENSITIVITY = 6;
