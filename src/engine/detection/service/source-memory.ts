/** Ticks for which the last value of a source stands in for one that did not come: a missed scrape is no fall. */
const BRIDGED_TICKS = 2;
/** Age of a source that has not had a value yet; it counts as newborn for as many ticks as others are bridged. */
const NEWBORN = 100;

/**
 * Values of the sources at the present tick, by slot. A source that misses a scrape or two keeps its last value, so
 * that a sum over pods does not dip; after that it is unknown and counts no more. Nothing is bridged before the first
 * value: a new pod counts from the first rate it has, and is known as newborn until then.
 */
export class SourceMemory {
  values = new Float64Array(0);
  /** 1 where the value is of this tick. */
  fresh = new Uint8Array(0);
  private ages = new Uint8Array(0);

  forget(slot: number): void {
    this.reserve(slot + 1);
    this.values[slot] = NaN;
    this.ages[slot] = NEWBORN;
  }

  /** Whether the source is there, and may still be waiting for its first rate. */
  isNewborn(slot: number): boolean {
    return this.ages[slot]! >= NEWBORN;
  }

  /** @param used slots that anybody asks for */
  take(observed: Float64Array, used: Int32Array): void {
    if (used.length > 0) this.reserve(used[used.length - 1]! + 1);
    const { values, fresh, ages } = this;
    for (let u = 0; u < used.length; u += 1) {
      const slot = used[u]!;
      const value = slot < observed.length ? observed[slot]! : NaN;
      if (Number.isFinite(value)) {
        values[slot] = value;
        fresh[slot] = 1;
        ages[slot] = 0;
        continue;
      }
      fresh[slot] = 0;
      if (ages[slot]! >= NEWBORN + BRIDGED_TICKS) ages[slot] = BRIDGED_TICKS;
      if (ages[slot] === BRIDGED_TICKS) values[slot] = NaN;
      else ages[slot] = ages[slot]! + 1;
    }
  }

  private reserve(length: number): void {
    const had = this.values.length;
    if (had >= length) return;
    const size = Math.max(length, 2 * had, 64);
    const values = new Float64Array(size).fill(NaN, had);
    values.set(this.values);
    const fresh = new Uint8Array(size);
    fresh.set(this.fresh);
    const ages = new Uint8Array(size).fill(BRIDGED_TICKS, had);
    ages.set(this.ages);
    Object.assign(this, { values, fresh, ages });
  }
}
