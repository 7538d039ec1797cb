import { NOVELTY_CHANNELS, NOVELTY_WINDOW } from '../novelty/range-novelty.js';
import { SEEN_PLACES } from '../novelty/seen-values.js';
import { MEASURED_CHANNELS } from './channels.js';

/** Places in `EnsembleState.numbers`. */
export const POINTS = 0;
/** First value ever: season profiles are stored relative to it, so that float32 is exact enough. */
export const BASE = 1;
/** Value of the newest point that had one. */
export const LAST = 2;
/** Level of the newest points, of the value without the season in use. */
export const FAST = 3;
/** Robust standard deviation of the value against FAST. */
export const SCALE = 4;
/** Slow levels without season, without the daily and without the weekly one; and the mean absolute errors against them. */
export const SLOW = 5;
export const SLOW_ERROR = 8;
/** Mean absolute errors without any season over the points that the daily and the weekly profile were compared on. */
export const WITHOUT = 11;
/** 0 none, 1 daily, 2 weekly: the season in use. */
export const SEASON = 13;
/** Milliseconds for which the daily and the weekly profile could be compared with none. */
export const COMPARED = 14;
/** Bin that is being filled, sum and count of its values; daily, then weekly. */
export const BIN = 16;
/** Two-sided CUSUM: above, below. */
export const CUSUM_UP = 22;
export const CUSUM_DOWN = 23;
/** Points with the same value in a row. */
export const SAME = 24;
/** Share of points, newest weighing most, whose value differs from the one before. */
export const MOVES = 25;
/** Last 32 ticks: bit set where a value was. */
export const PRESENCE = 26;
/** Sum and sum of squares of the rolling window, and the newest rolling mean and standard deviation. */
export const ROLLING_SUM = 27;
export const ROLLING_SQUARES = 28;
export const ROLLING = 29;
/** Points in the current block, blocks completed. */
export const BLOCK_POINTS = 31;
export const BLOCKS = 32;
/** By channel: statistic of the newest point, largest of the block, and largest of the stretch that is held back. */
export const STATISTIC = 33;
export const BLOCK_MAX = STATISTIC + MEASURED_CHANNELS;
export const STRETCH_MAX = BLOCK_MAX + MEASURED_CHANNELS;
/** By channel: location and spread of the logarithms of the blocks' maxima, and the statistic at the boundary. */
export const LOCATION = STRETCH_MAX + MEASURED_CHANNELS;
export const SPREAD = LOCATION + MEASURED_CHANNELS;
export const BOUNDARY = SPREAD + MEASURED_CHANNELS;
/** What is held back: points, level and mean absolute deviation of them, and the newest `HELD_VALUES` as they were. */
export const HELD_COUNT = BOUNDARY + MEASURED_CHANNELS;
export const HELD_LEVEL = HELD_COUNT + 1;
export const HELD_DEVIATION = HELD_COUNT + 2;
export const HELD = HELD_COUNT + 3;
export const HELD_VALUES = 8;
/** Points until the rolling window holds nothing of the last anomaly any more. */
export const CLOUDED = HELD + HELD_VALUES;
/** By channel of novelty: values remembered. Then points that went through the rolling window. */
export const SEEN_COUNT = CLOUDED + 1;
export const WINDOWED = SEEN_COUNT + NOVELTY_CHANNELS;
export const NUMBERS = WINDOWED + 1;

/** Places in `EnsembleState.floats`: bins of the season first, quarters of an hour of a day, then hours of a week. */
export const DAY_BINS = 96;
export const WEEK_BINS = 168;
/** Newest values, a ring; then the sets of values seen, by channel of novelty. */
export const WINDOW = DAY_BINS + WEEK_BINS;
export const SEEN = WINDOW + NOVELTY_WINDOW;
export const FLOATS = SEEN + NOVELTY_CHANNELS * SEEN_PLACES;
