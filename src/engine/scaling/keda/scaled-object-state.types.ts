import type { EpochMs } from '../../../kernel/clock.js';
import type { HpaObservation } from '../hpa/hpa-observation.types.js';
import { initialHpaState, type HpaEvent, type HpaState } from '../hpa/hpa-status.types.js';
import type { CronWindow } from './cron/cron-window.js';

/** What KEDA sees: the target, its pods and their resource usage, and an answer per trigger. */
export interface ScaledObjectObservation extends Pick<
  HpaObservation,
  'scale' | 'pods' | 'resourceMetrics' | 'alsoControlledBy'
> {
  /** At the trigger's position; cron, cpu and memory need none. */
  readonly triggers: readonly (TriggerReading | null | undefined)[];
}

export type TriggerReading =
  /** Null: Prometheus found nothing, or the API has no number there. */
  { readonly type: 'value'; readonly value: number | null } | { readonly type: 'error'; readonly message: string };

export interface ScaledObjectCondition {
  readonly type: 'Ready' | 'Active' | 'Fallback' | 'Paused';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** Failures in a row of one metric, counted where the autoscaler asks for it. */
export interface MetricHealth {
  readonly numberOfFailures: number;
  readonly status: 'Happy' | 'Failing';
}

/** What a scaler answers: the value in milli-units and whether it is active, or why there is none. */
export type ScalerAnswer =
  | { readonly type: 'metric'; readonly milli: number; readonly active: boolean }
  | { readonly type: 'failure'; readonly message: string };

/** Everything KEDA remembers about one object. Plain data. */
export interface ScaledObjectState {
  readonly createdAt: EpochMs;
  readonly lastActiveTime: EpochMs | null;
  /** By metric name. */
  readonly health: Readonly<Record<string, MetricHealth>>;
  /** By metric name. */
  readonly cron: Readonly<Record<string, CronWindow>>;
  /** Answers of the last poll by metric name, for triggers with `useCachedMetrics`. */
  readonly cache: Readonly<Record<string, ScalerAnswer>>;
  readonly conditions: readonly ScaledObjectCondition[];
  readonly hpa: HpaState;
}

export type ScaledObjectEvent = HpaEvent;

/** @param createdAt when the ScaledObject was made: `initialCooldownPeriod` counts from there. */
export function initialScaledObjectState(createdAt: EpochMs): ScaledObjectState {
  return { createdAt, lastActiveTime: null, health: {}, cron: {}, cache: {}, conditions: [], hpa: initialHpaState() };
}

export function withScaledObjectCondition(
  conditions: readonly ScaledObjectCondition[],
  condition: ScaledObjectCondition,
): readonly ScaledObjectCondition[] {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  return index < 0 ? [...conditions, condition] : conditions.with(index, condition);
}
