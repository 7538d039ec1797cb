import type { FaultSpec } from '../../../engine/scenario/fault.types.js';

/** A fault as the journal keeps it: when it begins is decided when it acts, and JSON knows no infinity. */
export type StoredFault = Omit<FaultSpec, 'at' | 'duration'> & {
  /** Seconds; null: until it is cleared. */
  readonly duration: number | null;
};

export function faultAt(fault: StoredFault, step: number): FaultSpec {
  return { ...fault, at: step, duration: fault.duration ?? Number.POSITIVE_INFINITY };
}
