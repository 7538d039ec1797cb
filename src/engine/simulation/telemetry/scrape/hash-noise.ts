/** Uniform on [-1, 1), a pure function of its arguments: noise of a measurement, the same whoever asks. */
export function hashNoise(seed: number, subject: number, time: number): number {
  let hash = (seed ^ Math.imul(subject + 1, 0x9e3779b1) ^ Math.imul(time + 1, 0x85ebca6b)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2147483648 - 1;
}

/** Uniform on [0, 1), in the same way. */
export function hashShare(seed: number, subject: number, time: number): number {
  return (hashNoise(seed, subject, time) + 1) / 2;
}

/**
 * How many of some things are under way at the moment of a scrape, when there are `mean` on average over time. What comes
 * independently of each other is Poisson distributed then, whatever its durations are (M/G/∞: Takács, Introduction to the
 * Theory of Queues, 1962, chapter 3); where only so many fit in, each place is taken with equal probability, so the count
 * is binomial and stands still once all are taken. Whole numbers stay what they are: they were counted one by one.
 *
 * @param places at most so many at once
 */
export function momentaryCount(mean: number, share: number, places = Infinity): number {
  const whole = Math.round(mean);
  if (Math.abs(mean - whole) <= MARGIN) return whole;
  if (places === Infinity) return poissonCount(mean, share);
  const room = Math.floor(places);
  if (mean >= room) return Math.floor(mean + share);
  // Of a system that is nearly full the empty places are few, and counted better.
  return 2 * mean > room ? room - binomialCount(room - mean, room, 1 - share) : binomialCount(mean, room, share);
}

/** Absorbs rounding, so that what is whole but for an ulp is not taken for less. */
const MARGIN = 1e-6;

/** Beyond this mean the normal approximation is good enough for a gauge. */
const MANY = 30;
/** Makes the logistic distribution close to the standard normal one. */
const LOGISTIC_SCALE = 1.702;

/**
 * A count that is Poisson distributed with the mean, from a uniform share: by inversion of its distribution function
 * (Devroye, Non-Uniform Random Variate Generation, chapter X.3), for large means a rounded normal one.
 */
export function poissonCount(mean: number, share: number): number {
  if (!(mean > 0)) return 0;
  if (mean > MANY) {
    const within = Math.min(1 - 1e-9, Math.max(1e-9, share));
    return Math.max(0, Math.round(mean + (Math.sqrt(mean) * Math.log(within / (1 - within))) / LOGISTIC_SCALE));
  }
  let count = 0;
  let probability = Math.exp(-mean);
  let below = probability;
  while (share > below && count < 10 * MANY) {
    count += 1;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

/** A count that is binomially distributed over `places` with the mean, by inversion like `poissonCount`. */
function binomialCount(mean: number, places: number, share: number): number {
  const taken = mean / places;
  if (mean > MANY) {
    const within = Math.min(1 - 1e-9, Math.max(1e-9, share));
    const off = (Math.sqrt(mean * (1 - taken)) * Math.log(within / (1 - within))) / LOGISTIC_SCALE;
    return Math.max(0, Math.min(places, Math.round(mean + off)));
  }
  let count = 0;
  let probability = (1 - taken) ** places;
  let below = probability;
  while (share > below && count < places) {
    probability *= ((places - count) / (count + 1)) * (taken / (1 - taken));
    count += 1;
    below += probability;
  }
  return count;
}
