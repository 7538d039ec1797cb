import type { ReadinessSpec, RolloutSpec, StartupSpec } from '../component.types.js';

/** What a pasted Deployment says about a service. */
export interface PastedDeployment {
  readonly replicas?: number;
  /** Tag of the image. */
  readonly version?: string;
  readonly requests?: { readonly cpu?: number; readonly memory?: number };
  readonly limits?: { readonly cpu?: number; readonly memory?: number };
  readonly rollout?: RolloutSpec;
  readonly startup?: Partial<StartupSpec>;
  readonly terminationGrace?: number;
  readonly readiness?: ReadinessSpec;
}
