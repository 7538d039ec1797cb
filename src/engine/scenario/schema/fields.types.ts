/** Bounds of a number; both limits are part of the range, `above` is not. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The minimum itself is too little. */
  readonly above?: number;
}
