/** Seconds of a period of the kernel's bandwidth control (`cpu.cfs_period_us`; Linux, "CFS Bandwidth Control"). */
export const CFS_PERIOD = 0.1;

/** Makes the logistic distribution close to the standard normal one. */
const LOGISTIC_SCALE = 1.702;

export interface CpuDemand {
  /** CPU seconds of requests per second. */
  readonly use: number;
  /** Requests per second. */
  readonly rate: number;
  /** Cores. */
  readonly limit: number;
  /** Share of the time in which all workers were busy. */
  readonly saturated: number;
}

/**
 * Share of the periods in which a container runs out of its quota: those whose requests want more than it (Poisson
 * arrivals, exponential CPU: a compound Poisson sum, here a normal one of the same variance), or those that lie wholly
 * within a spell in which all workers are busy, spells being exponential with the mean of an M/M/1 busy period.
 */
export function throttledShare({ use, rate, limit, saturated }: CpuDemand): number {
  if (!(use > 0) || !(rate > 0)) return 0;
  const each = use / rate;
  const wanted = use * CFS_PERIOD;
  const deviation = Math.sqrt(2 * wanted * each);
  const byChance = 1 / (1 + Math.exp((LOGISTIC_SCALE * (limit * CFS_PERIOD - wanted)) / deviation));
  const bySpell = saturated * Math.exp((-CFS_PERIOD * limit * (1 - Math.min(1, saturated))) / each);
  return Math.min(1, Math.max(byChance, bySpell));
}
