import type { EpochMs } from '../../../kernel/clock.js';
import type { CompleteScalingRules } from './defaults.js';
import type { ScaleEvent } from './hpa-status.types.js';
import { ceilToInt32, MAX_INT32 } from './integers.js';
import type { ScalingPolicy } from './hpa.types.js';
import { replaced } from './stabilization.js';

/** Changes made lately in both directions: a policy looks at the replicas at the start of its period. */
export interface ScaleHistory {
  readonly up: readonly ScaleEvent[];
  readonly down: readonly ScaleEvent[];
}

/**
 * Most replicas that the scale-up rules allow now. `Percent` rounds up, so that a small count can grow at all.
 * Source: kubernetes horizontal.go, calculateScaleUpLimitWithScalingRules.
 */
export function scaleUpLimit(
  current: number,
  history: ScaleHistory,
  rules: CompleteScalingRules,
  now: EpochMs,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const proposals = rules.policies.map((policy) => {
    const start = replicasAtPeriodStart(current, history, policy, now);
    return policy.type === 'Pods' ? start + policy.value : ceilToInt32(start * (1 + policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.min(MAX_INT32, ...proposals) : Math.max(-MAX_INT32, ...proposals);
}

/**
 * Fewest replicas that the scale-down rules allow now. `Percent` truncates what remains.
 * Source: kubernetes horizontal.go, calculateScaleDownLimitWithBehaviors.
 */
export function scaleDownLimit(
  current: number,
  history: ScaleHistory,
  rules: CompleteScalingRules,
  now: EpochMs,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const proposals = rules.policies.map((policy) => {
    const start = replicasAtPeriodStart(current, history, policy, now);
    return policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.max(-MAX_INT32, ...proposals) : Math.min(MAX_INT32, ...proposals);
}

/** Sum of the changes in the last `periodSeconds`; one exactly that old no longer counts. */
export function changeInPeriod(events: readonly ScaleEvent[], periodSeconds: number, now: EpochMs): number {
  const cutoff = now - periodSeconds * 1000;
  let sum = 0;
  for (const event of events) if (event.at > cutoff) sum += event.replicaChange;
  return sum;
}

/**
 * Remembers a change, in place of one that no policy's period reaches any more.
 * Source: kubernetes horizontal.go, storeScaleEvent and markScaleEventsOutdated.
 */
export function rememberScaleEvent(
  events: readonly ScaleEvent[],
  event: ScaleEvent,
  rules: CompleteScalingRules,
): readonly ScaleEvent[] {
  const longestPeriod = Math.max(0, ...rules.policies.map(({ periodSeconds }) => periodSeconds));
  const cutoff = event.at - longestPeriod * 1000;
  return replaced(
    events,
    events.findLastIndex(({ at }) => at < cutoff),
    event,
  );
}

function replicasAtPeriodStart(current: number, history: ScaleHistory, policy: ScalingPolicy, now: EpochMs): number {
  const added = changeInPeriod(history.up, policy.periodSeconds, now);
  const removed = changeInPeriod(history.down, policy.periodSeconds, now);
  return current - added + removed;
}
