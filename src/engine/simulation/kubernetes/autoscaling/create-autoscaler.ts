import { minReplicasOf } from '../../../scaling/hpa/defaults.js';
import { initialHpaState } from '../../../scaling/hpa/hpa-status.types.js';
import { initialScaledObjectState } from '../../../scaling/keda/scaled-object-state.types.js';
import type { Fleet } from '../../model/fleet.types.js';
import type { AutoscalerMemory } from '../control-state.types.js';
import type { AutoscalerPlan } from '../platform-plan.js';
import type { AutoscalerState } from '../platform-state.types.js';

/** An autoscaler that has been there for long: a ScaledObject with replicas was active just now. */
export function createAutoscaler(
  { scenario }: Fleet,
  { hpa, spec }: AutoscalerPlan,
  replicas: number,
): AutoscalerState {
  const warnings = { warning: '', warnedAt: 0 };
  const lastActiveTime = replicas > 0 ? scenario.start : null;
  const memory: AutoscalerMemory =
    spec.kind === 'hpa'
      ? { ...warnings, kind: 'hpa', state: initialHpaState() }
      : {
          ...warnings,
          kind: 'keda',
          state: { ...initialScaledObjectState(scenario.start), lastActiveTime },
          nextPoll: Math.max(1, Math.round(spec.object.spec.pollingInterval)),
        };
  return {
    name: hpa.metadata.name,
    minReplicas: minReplicasOf(hpa.spec),
    maxReplicas: hpa.spec.maxReplicas,
    desiredReplicas: replicas,
    currentReplicas: replicas,
    conditions: [],
    currentMetrics: [],
    memory,
  };
}
