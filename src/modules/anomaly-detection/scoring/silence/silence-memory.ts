import { advanceSilence, type SilenceNews } from '../../../../engine/detection/silence/advance-silence.js';
import { likeOf } from '../../../../engine/detection/silence/like-of.js';
import { addLike, ENVIRONMENT_LIKE, type SilenceBook } from '../../../../engine/detection/silence/silence-book.js';
import type { SilenceRules } from '../../../../engine/detection/silence/silence-rules.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import type { Series } from '../../../telemetry/index.js';
import { bytesPerTick, presentIds, tickIndex, type Presence } from './presence.js';

/** Nobody waits for the next sample of such a series. */
const UNWATCHED = -1;
const UNKNOWN = 0;
/** Whether what reported within so long still does, somebody has to have looked before all telemetry is missed. */
const LIVES_MS = 3_600_000;

/** What a worker remembers of the likes of one environment. All of it can be rebuilt from the database. */
export class SilenceMemory {
  /** Anomalies that are open, by like. */
  readonly open = new Map<number, string>();
  /** Version of the settings that open anomalies were judged by. */
  settingsVersion: string | null = null;
  private readonly likes = new Map<string, number>();
  /** Like of each id of a shard. */
  private readonly shards = new Map<number, Int32Array>();
  private arrived = new Int32Array(0);
  private unseen = new Uint8Array(0);

  constructor(
    readonly tickMs: number,
    readonly shardSize: number,
    readonly book: SilenceBook,
    /** Presence up to here is in the book. */
    public cursor: EpochMs,
  ) {}

  /** Ids that nobody has told the labels of. */
  unknownIds(presence: readonly Presence[]): number[] {
    return [...new Set(presence.flatMap(presentIds))].filter((id) => this.slotOf(id) === UNKNOWN);
  }

  learn(series: Pick<Series, 'id' | 'labels'>): void {
    const name = likeOf(series.labels);
    const like = name === null ? UNWATCHED : (this.likes.get(name) ?? addLike(this.book));
    if (name !== null) this.likes.set(name, like);
    this.shardOf(series.id)[series.id % this.shardSize] = like;
  }

  /** The book knows a like by its newest series. */
  name(like: number, series: Pick<Series, 'labels'>): void {
    const name = likeOf(series.labels);
    if (name !== null) this.likes.set(name, like);
  }

  likeNamed(name: string): number | undefined {
    return this.likes.get(name);
  }

  /** Series of a like that had a sample since this worker began to look. */
  membersOf(like: number): number[] {
    const ids: number[] = [this.book.newest[like]!];
    for (const [shard, slots] of this.shards) {
      slots.forEach((member, slot) => {
        if (member > 0 && (like === ENVIRONMENT_LIKE || member === like)) ids.push(shard * this.shardSize + slot);
      });
    }
    return ids;
  }

  /** One tick by what shards noted of it; null where none did. */
  advance(presence: readonly Presence[], time: EpochMs, rules: SilenceRules): SilenceNews | null {
    this.fit();
    const { arrived, unseen, book, tickMs } = this;
    arrived.fill(0);
    const seen = new Set<number>();
    for (const one of presence) {
      const tick = one.tickMs === tickMs && one.shardSize === this.shardSize ? tickIndex(one, time) : -1;
      if (tick < 0) continue;
      seen.add(one.shard);
      this.take(one, tick);
    }
    if (seen.size === 0) return null;
    unseen[ENVIRONMENT_LIKE] = 0;
    for (let like = 1; like < book.count; like += 1) {
      const looked = arrived[like]! > 0 || seen.has(Math.floor(book.newest[like]! / this.shardSize));
      unseen[like] = looked ? 0 : 1;
      if (!looked && time - book.lastAt[like]! < LIVES_MS) unseen[ENVIRONMENT_LIKE] = 1;
    }
    return advanceSilence(book, { time, stepMs: tickMs, arrived, unseen }, rules);
  }

  private take({ shard, bits }: Presence, tick: number): void {
    const slots = this.shards.get(shard);
    if (slots === undefined) return;
    const { arrived, shardSize } = this;
    const stride = bytesPerTick(shardSize);
    const start = tick * stride;
    const first = shard * shardSize;
    for (let byte = 0; byte < stride; byte += 1) {
      const eight = bits[start + byte]!;
      if (eight === 0) continue;
      for (let bit = 0; bit < 8; bit += 1) {
        if ((eight & (1 << bit)) === 0) continue;
        const slot = 8 * byte + bit;
        const like = slots[slot]!;
        if (like > 0 && first + slot > arrived[like]!) arrived[like] = first + slot;
      }
    }
  }

  private fit(): void {
    if (this.arrived.length >= this.book.count) return;
    this.arrived = new Int32Array(2 * this.book.count);
    this.unseen = new Uint8Array(2 * this.book.count);
  }

  private slotOf(id: number): number {
    return this.shards.get(Math.floor(id / this.shardSize))?.[id % this.shardSize] ?? UNKNOWN;
  }

  private shardOf(id: number): Int32Array {
    const shard = Math.floor(id / this.shardSize);
    const known = this.shards.get(shard) ?? new Int32Array(this.shardSize);
    this.shards.set(shard, known);
    return known;
  }
}
