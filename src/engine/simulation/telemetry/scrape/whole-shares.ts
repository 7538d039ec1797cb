/**
 * Gives out whole numbers of requests although flows are fractions (the fluid solver): `columns` counters that must
 * add up to the whole part of their sum. Each gets the whole part of what it is owed, and the rest goes where most is
 * owed, so no counter ever falls and none is more than one off.
 *
 * @param owed counters as they should be, minus what was given so far; length at least `columns`
 * @param total whole number to give out now, at least 0
 * @param given filled with what each column gets; the sum is `total`
 */
export function giveWholes(owed: Float64Array, columns: number, total: number, given: Float64Array): void {
  let left = total;
  for (let i = 0; i < columns; i++) {
    const whole = Math.min(left, Math.max(0, Math.floor(owed[i]!)));
    given[i] = whole;
    left -= whole;
  }
  while (left > 0) {
    let most = 0;
    for (let i = 1; i < columns; i++) if (owed[i]! - given[i]! > owed[most]! - given[most]!) most = i;
    const more = Math.min(left, Math.max(1, Math.floor(owed[most]! - given[most]!)));
    given[most]! += more;
    left -= more;
  }
}

/** Absorbs rounding of sums of many steps, so that a whole count is not taken for one less. */
export const ROUNDING = 1e-6;
