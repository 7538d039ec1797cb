import { randomBytes } from 'node:crypto';

/** Longer probes only happen to keys that were made to collide; those are simply not remembered. */
const MAX_PROBES = 256;

/**
 * Open-addressed hash table from byte strings to numbers >= 0, with the keys in one arena: no string per key, and
 * nothing for the garbage collector to walk. Keys are compared in full, so that a hash collision never confuses two.
 *
 * Bounded by two generations: when the young one is full it becomes the old one, and the previous old one goes. A key
 * found in the old generation moves back to the young. So the last `maxKeys` distinct keys in use are always there.
 */
export class ByteKeyTable {
  private readonly seed = randomBytes(4).readInt32LE();
  private young: Generation;
  private old: Generation;

  constructor(
    private readonly maxKeys: number,
    private readonly maxArenaBytes = maxKeys * 1024,
  ) {
    if (!(maxKeys >= 1)) throw new RangeError(`a key table needs room for at least one key, not ${maxKeys}`);
    this.young = new Generation();
    this.old = new Generation();
  }

  /** Keys remembered at the moment, those about to be forgotten included. */
  get size(): number {
    return this.young.count + this.old.count;
  }

  clear(): void {
    this.young = new Generation();
    this.old = new Generation();
  }

  /** The number stored for bytes [from, to) of `view`, or -1. */
  find(view: DataView, from: number, to: number): number {
    const hash = hashOf(view, from, to, this.seed);
    const young = this.young.find(hash, view, from, to);
    if (young >= 0) return young;
    if (this.old.count === 0) return -1;
    const old = this.old.find(hash, view, from, to);
    if (old >= 0) this.add(hash, view, from, to, old);
    return old;
  }

  /** Stores or replaces. */
  set(view: DataView, from: number, to: number, value: number): void {
    const hash = hashOf(view, from, to, this.seed);
    if (!this.young.replace(hash, view, from, to, value)) this.add(hash, view, from, to, value);
  }

  private add(hash: number, view: DataView, from: number, to: number, value: number): void {
    if (to - from > this.maxArenaBytes) return;
    if (this.young.count >= this.maxKeys || this.young.arenaBytes + (to - from) > this.maxArenaBytes) {
      this.old = this.young;
      this.young = new Generation();
    }
    this.young.add(hash, view, from, to, value);
  }
}

class Generation {
  count = 0;
  arenaBytes = 0;
  /** Entry number + 1; 0 is free. At most half full. */
  private slots = new Int32Array(512);
  private hashes = new Int32Array(256);
  private ends = new Uint32Array(256);
  private values = new Int32Array(256);
  private arena = new DataView(new ArrayBuffer(16384));

  find(hash: number, view: DataView, from: number, to: number): number {
    const entry = this.entryOf(hash, view, from, to);
    return entry < 0 ? -1 : this.values[entry]!;
  }

  replace(hash: number, view: DataView, from: number, to: number, value: number): boolean {
    const entry = this.entryOf(hash, view, from, to);
    if (entry < 0) return false;
    this.values[entry] = value;
    return true;
  }

  add(hash: number, view: DataView, from: number, to: number, value: number): void {
    if (this.count === this.hashes.length) this.growEntries();
    const entry = this.count;
    const start = this.arenaBytes;
    const end = start + to - from;
    if (end > this.arena.byteLength) this.growArena(end);
    if (!this.place(hash, entry)) return;
    for (let i = from, target = start; i < to; i++, target++) this.arena.setUint8(target, view.getUint8(i));
    this.hashes[entry] = hash;
    this.ends[entry] = end;
    this.values[entry] = value;
    this.arenaBytes = end;
    this.count = entry + 1;
  }

  private entryOf(hash: number, view: DataView, from: number, to: number): number {
    const mask = this.slots.length - 1;
    for (let probe = 0, slot = hash & mask; probe < MAX_PROBES; probe++, slot = (slot + 1) & mask) {
      const entry = this.slots[slot]! - 1;
      if (entry < 0) return -1;
      if (this.hashes[entry] !== hash) continue;
      const start = entry === 0 ? 0 : this.ends[entry - 1]!;
      if (this.ends[entry]! - start === to - from && sameBytes(this.arena, start, view, from, to)) return entry;
    }
    return -1;
  }

  private place(hash: number, entry: number): boolean {
    const mask = this.slots.length - 1;
    for (let probe = 0, slot = hash & mask; probe < MAX_PROBES; probe++, slot = (slot + 1) & mask) {
      if (this.slots[slot] !== 0) continue;
      this.slots[slot] = entry + 1;
      return true;
    }
    return false;
  }

  private growEntries(): void {
    const size = this.hashes.length * 2;
    this.hashes = grown(this.hashes, new Int32Array(size));
    this.ends = grown(this.ends, new Uint32Array(size));
    this.values = grown(this.values, new Int32Array(size));
    this.slots = new Int32Array(size * 2);
    for (let entry = 0; entry < this.count; entry++) this.place(this.hashes[entry]!, entry);
  }

  private growArena(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.arena.byteLength * 2));
    larger.set(new Uint8Array(this.arena.buffer));
    this.arena = new DataView(larger.buffer);
  }
}

function grown<T extends Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function sameBytes(arena: DataView, arenaFrom: number, view: DataView, from: number, to: number): boolean {
  let a = arenaFrom;
  let b = from;
  for (; b + 4 <= to; a += 4, b += 4) if (arena.getInt32(a, true) !== view.getInt32(b, true)) return false;
  for (; b < to; a++, b++) if (arena.getUint8(a) !== view.getUint8(b)) return false;
  return true;
}

/** Two multiplicative lanes over 32-bit words, mixed at the end (the finalizer of MurmurHash3). */
function hashOf(view: DataView, from: number, to: number, seed: number): number {
  let a = seed ^ (to - from);
  let b = seed + 0x3c6ef372;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    a = Math.imul((a << 13) ^ (a >>> 19) ^ view.getInt32(i, true), 0x1b873593);
    b = Math.imul((b << 13) ^ (b >>> 19) ^ view.getInt32(i + 4, true), 0x5bd1e995);
  }
  for (; i < to; i++) a = Math.imul((a << 13) ^ (a >>> 19) ^ view.getUint8(i), 0x1b873593);
  let h = a ^ Math.imul(b, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
