import { BaselineDetector } from './baseline-detector.js';
import { RANGE_NOVELTY } from './range-novelty.js';
import { VALUE_KNN } from './value-knn.js';
import { WINDOWED_GAUSSIAN } from './windowed-gaussian.js';

/** Simple detectors that every table shows beside ours: an answer to "is all this needed?". */
export function createBaselineDetectors(): readonly BaselineDetector[] {
  return [WINDOWED_GAUSSIAN, VALUE_KNN, RANGE_NOVELTY].map((scorer) => new BaselineDetector(scorer));
}
