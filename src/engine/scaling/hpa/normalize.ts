import type { EpochMs } from '../../../kernel/clock.js';
import type { HpaControllerSettings } from './controller-settings.js';
import { completeBehavior, minReplicasOf } from './defaults.js';
import type { HpaState, Recommendation } from './hpa-status.types.js';
import type { HpaSpec } from './hpa.types.js';
import { limitWithBehavior, limitWithoutBehavior, type Limited } from './limits.js';
import { stabilizeBothWays, stabilizeDown, type Stabilized } from './stabilization.js';

interface ConditionText {
  readonly reason: string;
  readonly message: string;
}

export interface Normalized {
  readonly replicas: number;
  readonly recommendations: readonly Recommendation[];
  readonly ableToScale: ConditionText;
  readonly scalingLimited: ConditionText & { readonly status: 'True' | 'False' };
}

const READY: ConditionText = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const SCALE_DOWN_STABILIZED: ConditionText = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const SCALE_UP_STABILIZED: ConditionText = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};

/**
 * What becomes of the metrics' proposal: first it is stabilized over the windows, then held within the policies and
 * `minReplicas`/`maxReplicas`. Source: kubernetes horizontal.go, normalizeDesiredReplicas and
 * normalizeDesiredReplicasWithBehaviors.
 */
export function normalizeReplicas(
  spec: HpaSpec,
  state: HpaState,
  current: number,
  proposed: number,
  settings: HpaControllerSettings,
  now: EpochMs,
): Normalized {
  const recommendations = state.recommendations ?? [];
  const min = minReplicasOf(spec);
  const max = spec.maxReplicas;
  if (!spec.behavior) {
    const stabilized = stabilizeDown(recommendations, proposed, settings.downscaleStabilizationMs, now);
    const limited = limitWithoutBehavior(current, stabilized.replicas, min, max);
    return normalized(stabilized, proposed, limited, SCALE_DOWN_STABILIZED);
  }
  const behavior = completeBehavior(spec.behavior, settings);
  const windows = {
    upSeconds: behavior.scaleUp.stabilizationWindowSeconds,
    downSeconds: behavior.scaleDown.stabilizationWindowSeconds,
  };
  const stabilized = stabilizeBothWays(recommendations, current, proposed, windows, now);
  const history = { up: state.scaleUpEvents, down: state.scaleDownEvents };
  const limited = limitWithBehavior({ current, desired: stabilized.replicas, min, max }, history, behavior, now);
  return normalized(stabilized, proposed, limited, proposed >= current ? SCALE_UP_STABILIZED : SCALE_DOWN_STABILIZED);
}

function normalized(stabilized: Stabilized, proposed: number, limited: Limited, held: ConditionText): Normalized {
  const { reason, message } = limited;
  return {
    replicas: limited.replicas,
    recommendations: stabilized.recommendations,
    ableToScale: stabilized.replicas === proposed ? READY : held,
    scalingLimited: { status: limited.replicas === stabilized.replicas ? 'False' : 'True', reason, message },
  };
}
