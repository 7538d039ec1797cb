import type { EpochMs } from '../../../kernel/clock.js';
import type { CompleteBehavior } from './defaults.js';
import { scaleDownLimit, scaleUpLimit, type ScaleHistory } from './scaling-policies.js';

/** A count held within its limits, and which limit held it: the reason and message of ScalingLimited. */
export interface Limited {
  readonly replicas: number;
  readonly reason: 'DesiredWithinRange' | 'TooFewReplicas' | 'TooManyReplicas' | 'ScaleUpLimit' | 'ScaleDownLimit';
  readonly message: string;
}

/** Without `behavior` the count at most doubles per sync, but may always reach 4. Source: horizontal.go. */
const SCALE_UP_FACTOR = 2;
const SCALE_UP_MINIMUM = 4;

const MESSAGES: Readonly<Record<Limited['reason'], string>> = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
};

/** Source: kubernetes horizontal.go, convertDesiredReplicasWithRules. */
export function limitWithoutBehavior(current: number, desired: number, min: number, max: number): Limited {
  const rateLimit = Math.max(SCALE_UP_FACTOR * current, SCALE_UP_MINIMUM);
  if (desired < min) return limited(min, 'TooFewReplicas');
  if (max > rateLimit && desired > rateLimit) return limited(rateLimit, 'ScaleUpLimit');
  if (desired > max) return limited(max, 'TooManyReplicas');
  return limited(desired, 'DesiredWithinRange');
}

/** Source: kubernetes horizontal.go, convertDesiredReplicasWithBehaviorRate. */
export function limitWithBehavior(
  bounds: { readonly current: number; readonly desired: number; readonly min: number; readonly max: number },
  history: ScaleHistory,
  behavior: CompleteBehavior,
  now: EpochMs,
): Limited {
  const { current, desired, min, max } = bounds;
  if (desired > current) {
    // A policy that became stricter after many changes never takes replicas away.
    const rateLimit = Math.max(current, scaleUpLimit(current, history, behavior.scaleUp, now));
    const allowed = Math.min(max, rateLimit);
    if (desired > allowed) return limited(allowed, max > rateLimit ? 'ScaleUpLimit' : 'TooManyReplicas');
  } else if (desired < current) {
    const rateLimit = Math.min(current, scaleDownLimit(current, history, behavior.scaleDown, now));
    const allowed = Math.max(min, rateLimit);
    if (desired < allowed) return limited(allowed, min < rateLimit ? 'ScaleDownLimit' : 'TooFewReplicas');
  }
  return limited(desired, 'DesiredWithinRange');
}

function limited(replicas: number, reason: Limited['reason']): Limited {
  return { replicas, reason, message: MESSAGES[reason] };
}
