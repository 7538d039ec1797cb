/**
 * Why an anomaly is over. `calm`: back in its band, or data are back. `stale`: the series stopped sending, and nobody
 * saw it end. `series-ended`: its source said that it ended. `excluded`: it is not watched any more. `adopted-silence`:
 * silent for so long that nobody waits for it.
 */
export const END_REASONS = ['calm', 'stale', 'series-ended', 'excluded', 'adopted-silence'] as const;

export type EndReason = (typeof END_REASONS)[number];
