import type { Calibration } from './calibration.types.js';
import { SHIPPED_CALIBRATION } from './shipped-calibration.js';

/** Boundaries outside of these are not believed, whatever was measured. */
const LEAST_BOUNDARY = 0.3;
const GREATEST_BOUNDARY = 10;
/** As many peaks, and as many weeks of 1,000 series, does the shipped calibration weigh when an environment is fitted. */
const PRIOR_PEAKS = 30;
const PRIOR_SERIES_WEEKS = 500;

/**
 * Fits the tail of peaks of the raw score on series that are calm, as `PeakRecorder` notes them.
 *
 * @param peaks raw scores; those below the prior's threshold are ignored
 * @param seriesWeeks series times weeks in which they were seen; greater than 0
 * @param prior what is believed before: the fit is drawn towards it, the more the fewer peaks there are. Null: not at all
 */
export function fitCalibration(
  peaks: readonly number[],
  seriesWeeks: number,
  prior: Calibration | null = SHIPPED_CALIBRATION,
): Calibration {
  const threshold = prior?.threshold ?? SHIPPED_CALIBRATION.threshold;
  let count = 0;
  let sum = 0;
  for (const peak of peaks) {
    if (!(peak > threshold)) continue;
    count += 1;
    sum += Math.log(peak / threshold);
  }
  const [priorPeaks, priorWeeks] = prior ? [PRIOR_PEAKS, PRIOR_SERIES_WEEKS] : [0, 0];
  const expected = prior ? (prior.alarmsAtThreshold * priorWeeks) / 1000 : 0;
  return {
    threshold,
    alarmsAtThreshold: ((count + expected) / (seriesWeeks + priorWeeks)) * 1000,
    tail: (sum + priorPeaks * (prior?.tail ?? 0)) / Math.max(1, count + priorPeaks),
    peaks: count,
    seriesWeeks,
  };
}

/** Anomalies per 1,000 calm series and week that a boundary at this raw score opens; below the threshold a lower bound. */
export function alarmsPerWeek(raw: number, calibration: Calibration = SHIPPED_CALIBRATION): number {
  const { threshold, alarmsAtThreshold, tail } = calibration;
  return alarmsAtThreshold * Math.min(1, (raw / threshold) ** (-1 / Math.max(tail, 1e-3)));
}

/**
 * Raw score at which 1,000 calm series open as many anomalies a week as were chosen.
 *
 * @param falseAlarmsPerWeek per 1,000 series; greater than 0
 */
export function boundaryFor(falseAlarmsPerWeek: number, calibration: Calibration = SHIPPED_CALIBRATION): number {
  const { threshold, alarmsAtThreshold, tail } = calibration;
  const raw = threshold * (alarmsAtThreshold / Math.max(falseAlarmsPerWeek, 1e-6)) ** tail;
  return Math.min(GREATEST_BOUNDARY, Math.max(LEAST_BOUNDARY, raw));
}
