import type { AbsoluteOrShare, RolloutSpec } from '../../../scenario/component.types.js';

export interface RolloutBounds {
  /** Pods above the wanted count that may exist during a rolling update. */
  readonly maxSurge: number;
  /** Pods below the wanted count that may be unavailable. */
  readonly maxUnavailable: number;
}

/**
 * Surge rounds up, unavailable rounds down; where both come out as 0, one pod may be unavailable, or nothing could move.
 * Source: kubernetes pkg/controller/deployment/util/deployment_util.go, ResolveFenceposts.
 */
export function boundsOf(rollout: RolloutSpec, replicas: number): RolloutBounds {
  if (rollout.strategy !== 'rolling') return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolve(rollout.maxSurge, replicas, Math.ceil);
  const maxUnavailable = resolve(rollout.maxUnavailable, replicas, Math.floor);
  if (maxSurge === 0 && maxUnavailable === 0) return { maxSurge, maxUnavailable: 1 };
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

function resolve(value: AbsoluteOrShare, replicas: number, round: (value: number) => number): number {
  // Shares are doubles: 0.07 x 100 is 7.000000000000001, which must not round up to 8.
  return 'pods' in value ? value.pods : round(Number((value.share * replicas).toPrecision(12)));
}
