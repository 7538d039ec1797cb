import { nextExponential, nextNormal, nextUniform, type RandomStream } from '../random/random.js';
import { DETERMINISTIC, EXPONENTIAL, LOG_NORMAL, type DiscretePlan } from './discrete-plan.js';
import { quantileAt } from '../random/sample-work.js';

/** As `sampleWork`, from the plan's arrays. */
export function workOf({ operations }: DiscretePlan, operation: number, stream: RandomStream): number {
  const kind = operations.work[operation]!;
  const first = operations.first[operation]!;
  if (kind === EXPONENTIAL) return nextExponential(stream, first);
  if (kind === LOG_NORMAL) return Math.exp(first + operations.second[operation]! * nextNormal(stream));
  if (kind === DETERMINISTIC) return first;
  return quantileAt(operations.quantiles[operation]!, nextUniform(stream));
}
