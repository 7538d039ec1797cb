import { evaluateFormula } from './formula/evaluate-formula.js';
import type { ServedMetric } from './fallback.js';
import { isExternal, type ScaledObjectSpec, type ScalingModifiers, type Trigger } from './scaled-object.types.js';

/**
 * The composite metric that a formula makes of the external triggers' values, milli-units. Where a trigger has fallen
 * back the formula is left alone and the fallback's value stands for all. Source: keda pkg/scaling/modifiers/formula.go,
 * scale_handler.go, GetScaledObjectMetrics.
 */
export function compositeMetric(
  modifiers: ScalingModifiers,
  triggers: ScaledObjectSpec['triggers'],
  served: ReadonlyMap<string, ServedMetric>,
): ServedMetric {
  const metrics = [...served.values()];
  const fallback = metrics.find((metric) => metric.type === 'served' && metric.fallback);
  if (fallback) return fallback;
  const failure = metrics.find((metric) => metric.type === 'failure');
  if (failure) return failure;
  const value = evaluateFormula(modifiers.formula, valuesByName(triggers, served));
  if (!Number.isFinite(value))
    return { type: 'failure', message: `error trying to run custom formula: it gives ${value}` };
  return { type: 'served', milli: Math.trunc(value * 1000) + 0, fallback: false };
}

function valuesByName(
  triggers: readonly Trigger[],
  served: ReadonlyMap<string, ServedMetric>,
): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const trigger of triggers) {
    const metric = isExternal(trigger) ? served.get(trigger.metricName) : undefined;
    if (trigger.name && metric?.type === 'served') values[trigger.name] = metric.milli / 1000;
  }
  return values;
}
