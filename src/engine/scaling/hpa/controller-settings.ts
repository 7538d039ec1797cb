/** Flags of kube-controller-manager that apply to every autoscaler of a cluster. */
export interface HpaControllerSettings {
  /** `--horizontal-pod-autoscaler-sync-period`, ms: how often the caller evaluates. */
  readonly syncPeriodMs: number;
  /** `--horizontal-pod-autoscaler-tolerance`, share of the target, both directions. */
  readonly tolerance: number;
  /** `--horizontal-pod-autoscaler-cpu-initialization-period`, ms. */
  readonly cpuInitializationPeriodMs: number;
  /** `--horizontal-pod-autoscaler-initial-readiness-delay`, ms. */
  readonly initialReadinessDelayMs: number;
  /** `--horizontal-pod-autoscaler-downscale-stabilization`, ms. */
  readonly downscaleStabilizationMs: number;
}

/** Source: kubernetes pkg/controller/podautoscaler/config/v1alpha1/defaults.go. */
export const DEFAULT_CONTROLLER_SETTINGS: HpaControllerSettings = {
  syncPeriodMs: 15_000,
  tolerance: 0.1,
  cpuInitializationPeriodMs: 300_000,
  initialReadinessDelayMs: 30_000,
  downscaleStabilizationMs: 300_000,
};
