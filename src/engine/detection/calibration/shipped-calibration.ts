import type { Calibration } from './calibration.types.js';

/**
 * Measured on calm days of the reference shop with deploys and autoscaling, seeds 11 and 12; made by
 * `npm run -s bench -- calibration`. Chosen and measured rates on other seeds and fleets stand in docs/detection.md.
 */
export const SHIPPED_CALIBRATION: Calibration = {
  threshold: 0.7,
  alarmsAtThreshold: 3,
  tail: 0.3,
  peaks: 0,
  seriesWeeks: 0,
};
