/** One page of a list. `nextCursor` is null on the last page; otherwise pass it back as `cursor`. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
