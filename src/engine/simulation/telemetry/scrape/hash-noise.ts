/** Uniform on [-1, 1), a pure function of its arguments: noise of a measurement, the same whoever asks. */
export function hashNoise(seed: number, subject: number, time: number): number {
  let hash = (seed ^ Math.imul(subject + 1, 0x9e3779b1) ^ Math.imul(time + 1, 0x85ebca6b)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2147483648 - 1;
}
