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
 * A whole number near a mean, which it is on average. Rounded alike at every scrape, a gauge of few things would stand
 * still for an hour and then jump for no reason. Whole numbers stay what they are.
 */
export function momentaryCount(mean: number, share: number): number {
  return Math.floor(mean + Math.min(share, 1 - MARGIN) + MARGIN / 2);
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
