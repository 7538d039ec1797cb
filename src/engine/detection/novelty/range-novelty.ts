/** Points of the rolling mean and standard deviation: 4 hours at 5 minutes, 12 minutes at 15 s. */
export const NOVELTY_WINDOW = 48;
/** Value, rolling mean, rolling standard deviation: a set of seen values each. */
export const NOVELTY_CHANNELS = 3;
