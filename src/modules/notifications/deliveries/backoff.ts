const FIRST_MS = 5_000;
const LONGEST_MS = 15 * 60_000;

/**
 * How long to wait after the given failed try (1 is the first): 5 s, doubled each time, at most 15 minutes, with up to
 * a fifth less, so that receivers which come back are not hit by everything at once.
 *
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full * (1 - random / 5));
}
