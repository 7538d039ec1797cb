import type { EpochMs } from '../../../../kernel/clock.js';

/** Which series of a shard had a value at which ticks: a bit for each id of the shard, tick by tick. */
export interface Presence {
  readonly shard: number;
  readonly shardSize: number;
  /** Ticks after `from` up to and with `until`. */
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly tickMs: number;
  readonly bits: Uint8Array;
}

export function bytesPerTick(shardSize: number): number {
  return Math.ceil(shardSize / 8);
}

/** Notes values while ticks are scored. */
export class PresenceRecorder {
  readonly bits: Uint8Array;
  private readonly stride: number;
  private readonly slots: Int32Array;
  private tick = 0;

  constructor(ids: readonly number[], shard: number, shardSize: number, ticks: number) {
    this.stride = bytesPerTick(shardSize);
    this.bits = new Uint8Array(this.stride * ticks);
    this.slots = Int32Array.from(ids, (id) => id - shard * shardSize);
  }

  /** @param values of the series, in the order of the ids */
  add(values: Float64Array): void {
    const { slots, bits } = this;
    const start = this.tick * this.stride;
    for (let i = 0; i < slots.length; i += 1) {
      if (Number.isNaN(values[i]!)) continue;
      const slot = slots[i]!;
      bits[start + (slot >> 3)]! |= 1 << (slot & 7);
    }
    this.tick += 1;
  }
}

/** Index of the tick at `time` in the presence; -1 where it is not in it. */
export function tickIndex({ from, until, tickMs }: Presence, time: EpochMs): number {
  if (time <= from || time > until) return -1;
  const index = (time - from) / tickMs - 1;
  return Number.isInteger(index) ? index : -1;
}

/** Ids of series that had a value at any tick of the presence. */
export function presentIds({ shard, shardSize, bits }: Presence): number[] {
  const stride = bytesPerTick(shardSize);
  const any = new Uint8Array(stride);
  for (let i = 0; i < bits.length; i += 1) any[i % stride]! |= bits[i]!;
  const ids: number[] = [];
  for (let slot = 0; slot < shardSize; slot += 1) {
    if ((any[slot >> 3]! & (1 << (slot & 7))) !== 0) ids.push(shard * shardSize + slot);
  }
  return ids;
}
