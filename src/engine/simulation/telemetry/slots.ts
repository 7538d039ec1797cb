/** Slots of series: blocks of equal size are used again before new ones are made. Plain data. */
export interface SlotState {
  /** By slot: the counter or gauge as its target would show it; free slots hold 0. */
  totals: Float64Array;
  /** Slots ever used. */
  used: number;
  /** First slots of free blocks by the size of the block. */
  readonly free: Record<number, number[]>;
}

export function createSlots(): SlotState {
  return { totals: new Float64Array(1024), used: 0, free: {} };
}

/** First slot of a block of `size` slots, all 0. */
export function allocateBlock(slots: SlotState, size: number): number {
  const again = slots.free[size]?.pop();
  if (again !== undefined) return again;
  const base = slots.used;
  slots.used += size;
  if (slots.used > slots.totals.length) {
    const grown = new Float64Array(Math.max(slots.used, slots.totals.length * 2));
    grown.set(slots.totals);
    slots.totals = grown;
  }
  return base;
}

export function freeBlock(slots: SlotState, base: number, size: number): void {
  slots.totals.fill(0, base, base + size);
  (slots.free[size] ??= []).push(base);
}
