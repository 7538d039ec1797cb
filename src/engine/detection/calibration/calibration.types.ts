/**
 * How often calm series reach a raw score: anomalies that would open per 1,000 series and week if the boundary were
 * there. Above `threshold` the tail is a Pareto one: a generalised Pareto distribution (Siffer and others 2017,
 * Anomaly Detection in Streams with Extreme Value Theory) of the logarithm's excess, whose shape Hill's estimator gives.
 */
export interface Calibration {
  /** Raw score from which on the tail was fitted. */
  readonly threshold: number;
  /** Anomalies per 1,000 series and week at the threshold. */
  readonly alarmsAtThreshold: number;
  /** Mean logarithm of a peak over the threshold: 0.1 is a light tail, 1 a heavy one. */
  readonly tail: number;
  /** Peaks over the threshold, and series times weeks they were seen in. */
  readonly peaks: number;
  readonly seriesWeeks: number;
}
