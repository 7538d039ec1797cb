import type { EpochMs } from '../../../kernel/clock.js';
import {
  withScaledObjectCondition,
  type ScaledObjectCondition,
  type ScaledObjectEvent,
  type ScaledObjectObservation,
  type ScaledObjectState,
} from './scaled-object-state.types.js';
import type { ScaledObject, ScaledObjectSpec } from './scaled-object.types.js';
import { triggerActivity } from './trigger-activity.js';

export interface ScaledObjectPoll {
  /** Replicas the target shall have now; equals `scale.specReplicas` when KEDA leaves it to the autoscaler. */
  readonly desiredReplicas: number;
  readonly active: boolean;
  /** Names of the triggers that are active. */
  readonly activeTriggers: readonly string[];
  readonly events: readonly ScaledObjectEvent[];
  readonly state: ScaledObjectState;
}

interface Step {
  readonly replicas: number;
  readonly conditions?: readonly ScaledObjectCondition[];
  readonly events?: readonly ScaledObjectEvent[];
  readonly activeNow?: boolean;
}

const READY: ScaledObjectCondition = {
  ...{ type: 'Ready', status: 'True', reason: 'ScaledObjectReady' },
  message: 'ScaledObject is defined correctly and is ready for scaling',
};

/**
 * KEDA's own look at the triggers, every `spec.pollingInterval`: it takes the target from idle (0) to its minimum when a
 * trigger is active, and back when none has been for `cooldownPeriod`. Everything between is the autoscaler's
 * (`syncScaledObject`). Source: keda pkg/scaling/executor/scale_scaledobjects.go, RequestScale.
 */
export function pollScaledObject(
  scaledObject: ScaledObject,
  state: ScaledObjectState,
  observation: ScaledObjectObservation,
  now: EpochMs,
): ScaledObjectPoll {
  const { pause, spec } = scaledObject;
  const current = observation.scale?.specReplicas ?? 0;
  if (pause.paused) return paused(scaledObject, state, current);
  const { active, error, activeTriggers, cron, cache } = triggerActivity(spec, state, observation, now);
  const step = active
    ? whenActive(scaledObject, current, error, activeTriggers, now)
    : whenInactive(scaledObject, state, current, error, now);
  const activity: ScaledObjectCondition = active
    ? {
        ...{ type: 'Active', status: 'True', reason: 'ScalerActive' },
        message: 'Scaling is performed because triggers are active',
      }
    : {
        ...{ type: 'Active', status: 'False', reason: 'ScalerNotActive' },
        message: 'Scaling is not performed because triggers are not active',
      };
  const unpaused: ScaledObjectCondition = {
    ...{ type: 'Paused', status: 'False', reason: 'ScaledObjectUnpaused' },
    message: 'pause annotation removed for ScaledObject',
  };
  const conditions = [READY, activity, unpaused, ...(step.conditions ?? [])].reduce(
    withScaledObjectCondition,
    state.conditions,
  );
  const lastActiveTime = step.activeNow ? now : state.lastActiveTime;
  return {
    ...{ desiredReplicas: observation.scale ? step.replicas : 0, active, activeTriggers, events: step.events ?? [] },
    state: { ...state, lastActiveTime, conditions, cron, cache },
  };
}

function whenActive(
  { metadata, pause, spec }: ScaledObject,
  current: number,
  error: boolean,
  activeTriggers: readonly string[],
  now: EpochMs,
): Step {
  const idle = spec.idleReplicaCount !== undefined && current < spec.minReplicaCount;
  if (idle || current === 0) {
    if (pause.scaleOut) return { replicas: current };
    const replicas = Math.max(1, spec.minReplicaCount);
    const target = targetText(metadata.namespace, spec);
    const message = `Scaled ${target} from ${current} to ${replicas}, triggered by ${activeTriggers.join(';')}`;
    const event: ScaledObjectEvent = { at: now, type: 'Normal', reason: 'KEDAScaleTargetActivated', message };
    return { replicas, events: [event], activeNow: true };
  }
  // With an error the time of the last activity stands still, as in KEDA.
  return error ? { replicas: current, conditions: [PARTIAL_ERROR] } : { replicas: current, activeNow: true };
}

function whenInactive(
  scaledObject: ScaledObject,
  state: ScaledObjectState,
  current: number,
  error: boolean,
  now: EpochMs,
): Step {
  const { spec } = scaledObject;
  // Going to zero now would keep the autoscaler from ever reaching the fallback's replicas.
  if (error && spec.fallback && spec.fallback.replicas !== 0) return { replicas: current };
  if (error && !spec.fallback) return { replicas: current, conditions: [TRIGGER_ERROR] };
  const aboveIdle = spec.idleReplicaCount !== undefined && current > spec.idleReplicaCount;
  if (aboveIdle || (current > 0 && spec.minReplicaCount === 0)) return toIdle(scaledObject, state, current, now);
  if (current < spec.minReplicaCount && spec.idleReplicaCount === undefined) return { replicas: spec.minReplicaCount };
  return { replicas: current };
}

function toIdle(
  { metadata, pause, spec }: ScaledObject,
  state: ScaledObjectState,
  current: number,
  now: EpochMs,
): Step {
  if (pause.scaleIn) return { replicas: current };
  const { lastActiveTime, createdAt } = state;
  const since = lastActiveTime ?? createdAt;
  const wait = lastActiveTime === null ? spec.initialCooldownPeriod : spec.cooldownPeriod;
  if (since + wait * 1000 >= now) return { replicas: current, conditions: [COOLING_DOWN] };
  const replicas = spec.idleReplicaCount ?? spec.minReplicaCount;
  const message = `Deactivated ${targetText(metadata.namespace, spec)} from ${current} to ${replicas}`;
  const event: ScaledObjectEvent = { at: now, type: 'Normal', reason: 'KEDAScaleTargetDeactivated', message };
  return { replicas, events: [event] };
}

function paused({ pause }: ScaledObject, state: ScaledObjectState, current: number): ScaledObjectPoll {
  const condition: ScaledObjectCondition = {
    ...{ type: 'Paused', status: 'True', reason: 'ScaledObjectPaused' },
    message: 'ScaledObject is paused',
  };
  const conditions = withScaledObjectCondition(state.conditions, condition);
  const desiredReplicas = pause.replicas ?? current;
  return { desiredReplicas, active: false, activeTriggers: [], events: [], state: { ...state, conditions } };
}

function targetText(namespace: string, { scaleTargetRef }: ScaledObjectSpec): string {
  return `${scaleTargetRef.kind} ${namespace}/${scaleTargetRef.name}`;
}

const PARTIAL_ERROR: ScaledObjectCondition = {
  ...{ type: 'Ready', status: 'Unknown', reason: 'PartialTriggerError' },
  message: 'Some triggers defined in ScaledObject are not working correctly',
};
const TRIGGER_ERROR: ScaledObjectCondition = {
  ...{ type: 'Ready', status: 'False', reason: 'TriggerError' },
  message: 'Triggers defined in ScaledObject are not working correctly',
};
const COOLING_DOWN: ScaledObjectCondition = {
  ...{ type: 'Active', status: 'False', reason: 'ScalerCooldown' },
  message: 'Scaler cooling down because triggers are not active',
};
