export { AnomalyDetected, AnomalyEnded, TickScored } from './anomaly-detection.events.js';
export {
  EVERYWHERE,
  ModelChoice,
  type ActiveModels,
  type ChosenCalibration,
  type ChosenWindowModel,
  type ShadowModel,
} from './models/model-choice.js';
export { LabelSources, type LabelSource } from './scorecards/label-sources.js';
export type { LabelledStretch } from '../../engine/scorecard/score-card.types.js';
