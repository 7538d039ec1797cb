/**
 * What must hold at the end of a run. `detection` and `incidents` belong to the language already; a run without
 * detectors answers them `unknown`, with that reason, and unknown does not pass.
 */
export type ExpectationSpec =
  /** Share of bad requests against the SLO over the run, or the worst burn rate of a window. */
  | {
      readonly kind: 'slo';
      readonly slo: string;
      readonly measure: 'bad-ratio' | 'budget-spent';
      readonly bound: Bound;
    }
  | { readonly kind: 'harm-duration'; readonly slo: string; readonly bound: Bound }
  | {
      readonly kind: 'replicas';
      readonly service: string;
      readonly measure: 'min' | 'max' | 'mean' | 'final' | 'changes';
      readonly bound: Bound;
    }
  | { readonly kind: 'latency'; readonly entryPoint: string; readonly quantile: number; readonly bound: Bound }
  | { readonly kind: 'error-ratio'; readonly entryPoint: string; readonly bound: Bound }
  /** US dollars for nodes over the run. */
  | { readonly kind: 'cost'; readonly bound: Bound }
  /** Seconds from the end of a fault until its entry points are within their SLO again. */
  | { readonly kind: 'recovery'; readonly fault: string; readonly bound: Bound }
  | {
      readonly kind: 'restarts' | 'oom-kills' | 'unschedulable-pods';
      readonly service: string | null;
      readonly bound: Bound;
    }
  | { readonly kind: 'consumer-lag'; readonly queue: string; readonly measure: 'max' | 'final'; readonly bound: Bound }
  /** Seconds from the first harm of a fault to its detection. */
  | { readonly kind: 'detection'; readonly fault: string; readonly bound: Bound }
  | { readonly kind: 'incidents'; readonly bound: Bound };

/** Inclusive limits; at least one is given. */
export interface Bound {
  readonly min?: number;
  readonly max?: number;
}
