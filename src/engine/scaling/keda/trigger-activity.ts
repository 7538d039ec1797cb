import type { EpochMs } from '../../../kernel/clock.js';
import type { ServedMetric } from './fallback.js';
import type { ScaledObjectObservation, ScaledObjectState, ScalerAnswer } from './scaled-object-state.types.js';
import { isExternal, type ScaledObjectSpec } from './scaled-object.types.js';
import { askScalers } from './scalers.js';
import { compositeMetric } from './scaling-modifiers.js';

export interface TriggerActivity extends Pick<ScaledObjectState, 'cron' | 'cache'> {
  readonly active: boolean;
  /** Whether any trigger failed. */
  readonly error: boolean;
  readonly activeTriggers: readonly string[];
}

/**
 * Whether a ScaledObject is active: any trigger above its activation threshold; with a formula, its value above
 * `activationTarget`, and never while a trigger fails; with cpu and memory triggers only, always.
 * Source: keda pkg/scaling/scale_handler.go, getScaledObjectState.
 */
export function triggerActivity(
  spec: ScaledObjectSpec,
  state: ScaledObjectState,
  observation: ScaledObjectObservation,
  now: EpochMs,
): TriggerActivity {
  const external = spec.triggers.map((trigger) => (isExternal(trigger) ? trigger : null));
  const { answers, cron } = askScalers(external, observation.triggers, state.cron, now);
  const cache = Object.fromEntries(answers);
  let error = [...answers.values()].some(({ type }) => type === 'failure');
  let activeTriggers = spec.triggers.flatMap((trigger) => {
    const answer = isExternal(trigger) ? answers.get(trigger.metricName) : undefined;
    return answer?.type === 'metric' && answer.active ? [trigger.name ?? trigger.type] : [];
  });
  if (spec.scalingModifiers) {
    const composite = compositeMetric(spec.scalingModifiers, spec.triggers, asServed(answers));
    error ||= composite.type === 'failure';
    const above = composite.type === 'served' && composite.milli / 1000 > spec.scalingModifiers.activationTarget;
    activeTriggers = above ? ['ModifiersTrigger'] : [];
  }
  const onlyResources = external.every((trigger) => trigger === null);
  return { active: activeTriggers.length > 0 || (onlyResources && !error), error, activeTriggers, cron, cache };
}

function asServed(answers: ReadonlyMap<string, ScalerAnswer>): ReadonlyMap<string, ServedMetric> {
  return new Map(
    [...answers].map(([name, answer]): [string, ServedMetric] => [
      name,
      answer.type === 'metric' ? { type: 'served', milli: answer.milli, fallback: false } : answer,
    ]),
  );
}
