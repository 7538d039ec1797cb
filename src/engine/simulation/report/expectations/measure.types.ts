import type { MeasureUnit } from '../report.types.js';

/** What a run has to say about an expectation. */
export type Measure = {
  readonly unit: MeasureUnit;
} & (
  | {
      readonly value: number;
      /** The true value may be larger: the run could not measure further. */
      readonly atLeast?: boolean;
      /** Numbers behind the value, in words. */
      readonly detail?: string;
    }
  | { readonly value: null; readonly reason: string }
);

export const unknown = (unit: MeasureUnit, reason: string): Measure => ({ unit, value: null, reason });
