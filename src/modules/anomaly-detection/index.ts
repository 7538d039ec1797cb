export { AnomalyDetected, AnomalyEnded, TickScored } from './anomaly-detection.events.js';
export {
  EVERYWHERE,
  ModelChoice,
  type ActiveModels,
  type ChosenCalibration,
  type ChosenWindowModel,
  type ShadowModel,
} from './models/model-choice.js';
