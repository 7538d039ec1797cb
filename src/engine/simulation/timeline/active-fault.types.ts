import type { FaultKind, FaultSpec, FaultTarget } from '../../scenario/fault.types.js';

/** A fault in force during this step. Every subsystem looks for the kinds that are its business. */
export interface ActiveFault {
  readonly spec: FaultSpec;
  readonly kind: FaultKind;
  readonly target: FaultTarget;
  /** Step at which it began. */
  readonly since: number;
  /** Intensity with the ramp, 0 to 1. */
  readonly level: number;
  /** The settings with intensity and ramp applied (`FaultSetting.scaled`). */
  readonly settings: Readonly<Record<string, number>>;
}
