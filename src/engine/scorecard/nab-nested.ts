import { createRandom, nextBelow } from '../simulation/random/random.js';
import { bestNabThreshold, NAB_PROFILES, nabScoreAt, nabSteps, type NabFile, type NabProfile } from './nab-score.js';

export interface NestedNabScore {
  /** Mean and standard deviation over splits of the score on one half, threshold (and settings) chosen on the other. */
  readonly mean: number;
  readonly deviation: number;
  /** The same with the settings of the other half, but the threshold that is best for the half that is scored. */
  readonly ownThreshold: number;
}

/**
 * Score on files that nothing was chosen on: halves of the files by chance, everything that is to be chosen chosen on
 * one half and scored on the other, both ways round.
 *
 * @param candidates by setting: the same files in the same order, scored with that setting. One is enough: then only
 *   the threshold is chosen.
 * @param splits how often the files are divided
 * @param seed of the division
 */
export function nestedNabScore(
  candidates: readonly (readonly NabFile[])[],
  splits = 20,
  seed = 1,
  profile: NabProfile = 'standard',
): NestedNabScore {
  const weights = NAB_PROFILES[profile];
  const steps = candidates.map((files) => files.map((file) => nabSteps(file, weights)));
  const count = candidates[0]!.length;
  const random = createRandom(seed, 'score-card/nab');
  const scores: number[] = [];
  const own: number[] = [];
  for (let split = 0; split < splits; split += 1) {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i -= 1) {
      const j = nextBelow(random, i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const middle = count >> 1;
    for (const [chosenOn, scoredOn] of [
      [order.slice(0, middle), order.slice(middle)],
      [order.slice(middle), order.slice(0, middle)],
    ] as const) {
      const best = bestOf(
        steps.map((files) =>
          bestNabThreshold(
            chosenOn.map((i) => files[i]!),
            weights,
          ),
        ),
      );
      const held = scoredOn.map((i) => steps[best.setting]![i]!);
      scores.push(nabScoreAt(held, best.threshold, weights));
      own.push(bestNabThreshold(held, weights).score);
    }
  }
  const mean = average(scores);
  const deviation = Math.sqrt(average(scores.map((score) => (score - mean) ** 2)));
  return { mean, deviation, ownThreshold: average(own) };
}

function bestOf(results: readonly { readonly threshold: number; readonly score: number }[]) {
  let setting = 0;
  results.forEach(({ score }, i) => {
    if (score > results[setting]!.score) setting = i;
  });
  return { setting, threshold: results[setting]!.threshold };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
