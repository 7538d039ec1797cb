import type { EpochMs } from '../../../kernel/clock.js';
import type { HpaCondition, HpaConditionType } from './hpa-status.types.js';

/**
 * The conditions with one set anew; its transition time changes only with its status.
 * Source: kubernetes horizontal.go, setConditionInList.
 */
export function withCondition(
  conditions: readonly HpaCondition[],
  type: HpaConditionType,
  set: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string },
  now: EpochMs,
): readonly HpaCondition[] {
  const index = conditions.findIndex((condition) => condition.type === type);
  const before = conditions[index];
  if (before?.status === set.status && before.reason === set.reason && before.message === set.message)
    return conditions;
  const lastTransitionTime = before?.status === set.status ? before.lastTransitionTime : now;
  const condition: HpaCondition = { type, ...set, lastTransitionTime };
  return before ? conditions.with(index, condition) : [...conditions, condition];
}

export function conditionOf(conditions: readonly HpaCondition[], type: HpaConditionType): HpaCondition | undefined {
  return conditions.find((condition) => condition.type === type);
}
