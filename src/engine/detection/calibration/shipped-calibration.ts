import type { Calibration } from './calibration.types.js';

/**
 * Measured on calm days of the reference shop with deploys and autoscaling (32 hours each after 16 to learn, seeds 16
 * and 17), counted as pages: of peaks within ten minutes the highest. Two pages are too few for a tail, so it is drawn
 * towards 0.3, as heavy as 30 peaks. Chosen and measured rates stand in docs/detection.md.
 */
export const SHIPPED_CALIBRATION: Calibration = {
  threshold: 0.7,
  alarmsAtThreshold: 3.2,
  tail: 0.33,
  peaks: 2,
  seriesWeeks: 626,
};
