import { signTest } from './sign-test.js';

/** Closer to the chosen rate by less than this factor is no difference that anybody would notice. */
const NOTICEABLE = 1.25;
/** Differences that chance makes more often than this prove nothing: the complement of a 95 % interval. */
const CHANCE = 0.05;

export interface Verdict {
  readonly verdict: 'better' | 'worse' | 'no-difference' | 'no-data';
  readonly reason: string;
}

/** Labelled stretches that a judge touched. */
export interface Touched {
  /** Of those where something was wrong. */
  readonly foundOnes: ReadonlySet<unknown>;
  /** Of those that somebody called normal. */
  readonly disturbedOnes: ReadonlySet<unknown>;
}

interface Judged extends Touched {
  readonly falseAlarms: number;
}

/**
 * What is wrong must be found first; then less disturbance of what is normal; then the rate that was chosen. To be
 * better a shadow has to be ahead in one of them by more than chance explains, and not behind in those before it, not
 * even by chance.
 *
 * @param wrong labelled stretches where something was wrong
 * @param expected false alarms at the chosen rate
 */
export function shadowVerdict(
  points: number,
  wrong: number,
  active: Judged,
  shadow: Judged,
  expected: number,
): Verdict {
  if (points === 0) return { verdict: 'no-data', reason: 'it has scored nothing yet' };
  const [more, fewer] = apart(shadow.foundOnes, active.foundOnes);
  const found = `it finds ${shadow.foundOnes.size} of ${wrong} labelled stretches, the active one ${active.foundOnes.size}`;
  if (fewer > more) return { verdict: 'worse', reason: found };
  if (clearly(more, fewer)) return { verdict: 'better', reason: found };
  const [added, spared] = apart(shadow.disturbedOnes, active.disturbedOnes);
  const disturbed = `it calls ${shadow.disturbedOnes.size} stretches anomalies that people called normal, the active one ${active.disturbedOnes.size}`;
  if (added > spared) return { verdict: 'worse', reason: disturbed };
  if (clearly(spared, added)) return { verdict: 'better', reason: disturbed };
  const [now, then] = [active.falseAlarms, shadow.falseAlarms];
  const rates = `it gives ${then} false alarms where ${expected.toFixed(1)} were chosen, the active one ${now}`;
  const gain = distance(now, expected) - distance(then, expected);
  if (Math.abs(gain) < Math.log(NOTICEABLE)) return { verdict: 'no-difference', reason: rates };
  if (gain < 0) return { verdict: 'worse', reason: rates };
  const chance = signTest(now, then);
  if (chance < CHANCE) return { verdict: 'better', reason: rates };
  return {
    verdict: 'no-difference',
    reason: `${rates}, a difference that chance makes in ${percent(chance)} of cases`,
  };
}

/** How many only the one has, and how many only the other. */
function apart(one: ReadonlySet<unknown>, other: ReadonlySet<unknown>): [number, number] {
  let both = 0;
  for (const item of one) if (other.has(item)) both += 1;
  return [one.size - both, other.size - both];
}

/** Whether there are more of the first than chance explains (McNemar 1947, exact). */
function clearly(more: number, fewer: number): boolean {
  return more > fewer && signTest(more, fewer) < CHANCE;
}

/** How far a count is from what was expected, as a ratio in logarithms; half an alarm keeps zeros finite. */
function distance(count: number, expected: number): number {
  return Math.abs(Math.log((count + 0.5) / (expected + 0.5)));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
