import type { EpochMs } from '../../../kernel/clock.js';
import { computeReplicas } from './compute-replicas.js';
import { withCondition } from './conditions.js';
import { DEFAULT_CONTROLLER_SETTINGS, type HpaControllerSettings } from './controller-settings.js';
import { completeBehavior, metricsOf, minReplicasOf } from './defaults.js';
import type { HpaObservation, ObservedScale } from './hpa-observation.types.js';
import type {
  HpaCondition,
  HpaConditionType,
  HpaEvent,
  HpaState,
  HpaStatus,
  MetricStatus,
} from './hpa-status.types.js';
import type { HorizontalPodAutoscaler, HpaSpec } from './hpa.types.js';
import { normalizeReplicas } from './normalize.js';
import { rememberScaleEvent } from './scaling-policies.js';
import { tolerancesOf } from './tolerances.js';

export interface HpaEvaluation {
  /** Replicas the target shall have now; equals `scale.specReplicas` when nothing changes, 0 without a scale. */
  readonly desiredReplicas: number;
  readonly rescaled: boolean;
  readonly conditions: readonly HpaCondition[];
  /** Null at a metric's position where it could not be read. */
  readonly currentMetrics: readonly (MetricStatus | null)[];
  readonly events: readonly HpaEvent[];
  /** To be given to the next call. */
  readonly state: HpaState;
}

interface Decision {
  /** Nothing could be computed; the status keeps the count it wished for last. */
  readonly failed?: boolean;
  readonly replicas: number;
  readonly reason: string;
  readonly state: HpaState;
  readonly conditions: readonly HpaCondition[];
  readonly statuses: readonly (MetricStatus | null)[];
  readonly events: readonly HpaEvent[];
}

/**
 * One sync of the HorizontalPodAutoscaler controller. Pure: the same arguments give the same answer, and the state that
 * it needs is given and returned. Call it every `settings.syncPeriodMs` of event time (15 s by default) and apply
 * `desiredReplicas` to the target.
 * Source: kubernetes 1.34 pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler.
 * @param hpa as `parseHorizontalPodAutoscaler` gives it.
 * @param state `initialHpaState()` at first, then what the previous call returned.
 * @param now epoch milliseconds; not before the previous call's.
 */
export function evaluateHpa(
  hpa: HorizontalPodAutoscaler,
  state: HpaState,
  observation: HpaObservation,
  now: EpochMs,
  settings: HpaControllerSettings = DEFAULT_CONTROLLER_SETTINGS,
): HpaEvaluation {
  const { scale } = observation;
  if (!scale) return withoutScale(hpa, state, now);
  const current = scale.specReplicas;
  const known: HpaState = { ...state, recommendations: state.recommendations ?? [{ replicas: current, at: now }] };
  const decision = decide(hpa, known, observation, scale, settings, now);
  if (decision.failed)
    return result(decision, { current, desired: known.status.desiredReplicas, rescaled: false, now });
  return decision.replicas === current
    ? result(decision, { current, desired: current, rescaled: false, now })
    : rescale(hpa.spec, decision, current, settings, now);
}

function decide(
  hpa: HorizontalPodAutoscaler,
  state: HpaState,
  observation: HpaObservation,
  scale: ObservedScale,
  settings: HpaControllerSettings,
  now: EpochMs,
): Decision {
  const { spec } = hpa;
  const current = scale.specReplicas;
  const min = minReplicasOf(spec);
  const conditions = withCondition(
    state.status.conditions,
    'AbleToScale',
    {
      status: 'True',
      reason: 'SucceededGetScale',
      message: "the HPA controller was able to get the target's current scale",
    },
    now,
  );
  const fixed = (replicas: number, reason: string, set = conditions): Decision => {
    return { replicas, reason, state, conditions: set, statuses: [], events: [] };
  };
  if (current === 0 && min !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    const disabled = { status: 'False', reason: 'ScalingDisabled', message } as const;
    return fixed(0, '', withCondition(conditions, 'ScalingActive', disabled, now));
  }
  if (current > spec.maxReplicas) return fixed(spec.maxReplicas, 'Current number of replicas above Spec.MaxReplicas');
  if (current < min) return fixed(min, 'Current number of replicas below Spec.MinReplicas');
  return decideByMetrics(hpa, { ...state, status: { ...state.status, conditions } }, observation, scale, settings, now);
}

function decideByMetrics(
  hpa: HorizontalPodAutoscaler,
  state: HpaState,
  observation: HpaObservation,
  scale: ObservedScale,
  settings: HpaControllerSettings,
  now: EpochMs,
): Decision {
  const { spec, metadata } = hpa;
  const current = scale.specReplicas;
  let { conditions } = state.status;
  const set = (type: HpaConditionType, value: Parameters<typeof withCondition>[2]): void => {
    conditions = withCondition(conditions, type, value, now);
  };
  const failed = (message: string, events: readonly HpaEvent[], statuses: Decision['statuses']): Decision => {
    const event: HpaEvent = { at: now, type: 'Warning', reason: 'FailedComputeMetricsReplicas', message };
    return { failed: true, replicas: current, reason: '', state, conditions, statuses, events: [...events, event] };
  };

  const others = observation.alsoControlledBy ?? [];
  if (others.length > 0) {
    const names = [metadata.name, ...others].map((name) => `${metadata.namespace}/${name}`).slice(0, 2);
    const message = `pods by selector of ${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name} are controlled by more than one HPA (e.g. [${names.join(' ')}])`;
    set('ScalingActive', { status: 'False', reason: 'AmbiguousSelector', message });
    return failed(message, [{ at: now, type: 'Warning', reason: 'AmbiguousSelector', message }], []);
  }

  const tolerances = tolerancesOf(spec, settings.tolerance);
  const context = { namespace: metadata.namespace, scale, observation, tolerances, settings, now };
  const outcome = computeReplicas(metricsOf(spec), context);
  set('ScalingActive', outcome.scalingActive);
  if (outcome.replicas === null) return failed(outcome.error ?? '', outcome.events, outcome.statuses);

  const proposed = Math.max(0, outcome.replicas);
  const normalized = normalizeReplicas(spec, state, current, proposed, settings, now);
  set('AbleToScale', { status: 'True', ...normalized.ableToScale });
  set('ScalingLimited', normalized.scalingLimited);
  return {
    replicas: normalized.replicas,
    reason: rescaleReason(current, proposed, outcome.metric),
    state: { ...state, recommendations: normalized.recommendations },
    conditions,
    statuses: outcome.statuses,
    events: outcome.events,
  };
}

/** Names the proposal's direction, which stabilization may have turned. */
function rescaleReason(current: number, proposed: number, metric: string): string {
  if (proposed > current) return `${metric} above target`;
  return proposed < current ? 'All metrics below target' : '';
}

function rescale(
  spec: HpaSpec,
  decision: Decision,
  current: number,
  settings: HpaControllerSettings,
  now: EpochMs,
): HpaEvaluation {
  const desired = decision.replicas;
  const message = `the HPA controller was able to update the target scale to ${desired}`;
  const conditions = withCondition(
    decision.conditions,
    'AbleToScale',
    { status: 'True', reason: 'SucceededRescale', message },
    now,
  );
  const text = `New size: ${desired}; reason: ${decision.reason}`;
  const event: HpaEvent = { at: now, type: 'Normal', reason: 'SuccessfulRescale', message: text };
  const state = remember(decision.state, spec, current, desired, settings, now);
  const events = [...decision.events, event];
  return result({ ...decision, conditions, state, events }, { current, desired, rescaled: true, now });
}

/** Only a behavior looks back at changes, so without one none is kept. */
function remember(
  state: HpaState,
  spec: HpaSpec,
  current: number,
  desired: number,
  settings: HpaControllerSettings,
  now: EpochMs,
): HpaState {
  if (!spec.behavior) return state;
  const { scaleUp, scaleDown } = completeBehavior(spec.behavior, settings);
  const event = { replicaChange: Math.abs(desired - current), at: now };
  return desired > current
    ? { ...state, scaleUpEvents: rememberScaleEvent(state.scaleUpEvents, event, scaleUp) }
    : { ...state, scaleDownEvents: rememberScaleEvent(state.scaleDownEvents, event, scaleDown) };
}

function withoutScale(hpa: HorizontalPodAutoscaler, state: HpaState, now: EpochMs): HpaEvaluation {
  const { kind, name } = hpa.spec.scaleTargetRef;
  const why = `${kind} "${name}" not found`;
  const message = `the HPA controller was unable to get the target's current scale: ${why}`;
  const status = { status: 'False', reason: 'FailedGetScale', message } as const;
  const conditions = withCondition(state.status.conditions, 'AbleToScale', status, now);
  const event: HpaEvent = { at: now, type: 'Warning', reason: 'FailedGetScale', message: why };
  const { currentMetrics } = state.status;
  const next = { ...state, status: { ...state.status, conditions } };
  return { desiredReplicas: 0, rescaled: false, conditions, currentMetrics, events: [event], state: next };
}

function result(
  decision: Decision,
  change: { readonly current: number; readonly desired: number; readonly rescaled: boolean; readonly now: EpochMs },
): HpaEvaluation {
  const { conditions, statuses, events } = decision;
  const { current, desired, rescaled, now } = change;
  const status: HpaStatus = {
    currentReplicas: current,
    desiredReplicas: desired,
    lastScaleTime: rescaled ? now : decision.state.status.lastScaleTime,
    conditions,
    currentMetrics: statuses,
  };
  const state = { ...decision.state, status };
  const { replicas } = decision;
  return { desiredReplicas: replicas, rescaled, conditions, currentMetrics: statuses, events, state };
}
