export { AnomalyDetected, AnomalyEnded, TickScored } from './anomaly-detection.events.js';
