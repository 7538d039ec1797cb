import type { HpaSpec } from './hpa.types.js';

/** Shares of the target within which the controller leaves the replicas alone. */
export interface Tolerances {
  readonly scaleDown: number;
  readonly scaleUp: number;
}

/**
 * `behavior.scaleUp.tolerance` and `.scaleDown.tolerance` where given (KEP-4951), else the cluster's.
 * Source: kubernetes horizontal.go, tolerancesForHpa.
 */
export function tolerancesOf(spec: HpaSpec, clusterTolerance: number): Tolerances {
  return {
    scaleDown: spec.behavior?.scaleDown?.tolerance?.value ?? clusterTolerance,
    scaleUp: spec.behavior?.scaleUp?.tolerance?.value ?? clusterTolerance,
  };
}

/** `usageRatio` is usage over target; both bounds belong to the tolerance. Source: replica_calculator.go, isWithin. */
export function isWithinTolerance(tolerances: Tolerances, usageRatio: number): boolean {
  return 1.0 - tolerances.scaleDown <= usageRatio && usageRatio <= 1.0 + tolerances.scaleUp;
}
