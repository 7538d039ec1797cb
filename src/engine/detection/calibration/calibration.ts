/** Raw score that calm fleets exceed in one anomaly per 1,000 series and week; replaced by the measured table. */
const SHIPPED = 1;

/**
 * Raw score at which 1,000 calm series open as many anomalies per week as were chosen.
 *
 * @param falseAlarmsPerWeek per 1,000 series; greater than 0
 */
export function boundaryFor(falseAlarmsPerWeek: number): number {
  return SHIPPED * Math.max(0.1, 1 - 0.1 * Math.log10(falseAlarmsPerWeek));
}
