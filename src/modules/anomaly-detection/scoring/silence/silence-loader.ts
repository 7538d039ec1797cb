import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { Injectable, Logger } from '@nestjs/common';
import { closeSilence, openSilence } from '../../../../engine/detection/silence/advance-silence.js';
import { likeOf } from '../../../../engine/detection/silence/like-of.js';
import {
  createSilenceBook,
  ENVIRONMENT_LIKE,
  forgetLike,
  isOpen,
  restoreSilence,
  serialiseSilence,
  type SilenceBook,
} from '../../../../engine/detection/silence/silence-book.js';
import type { SilenceRules } from '../../../../engine/detection/silence/silence-rules.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import { TelemetryReader } from '../../../telemetry/index.js';
import { SilenceRepository } from '../../data/silence.repository.js';
import type { AnomalyRow } from '../../data/rows.js';
import type { Presence } from './presence.js';
import { SilenceMemory } from './silence-memory.js';

const PAGE = 1_000;
const pack = promisify<Buffer, { level: number }, Buffer>(deflate);
const unpack = promisify<Buffer, Buffer>(inflate);

/** Fills a memory from the database: at the first tick, after a restart, or after another worker's turn. */
@Injectable()
export class SilenceLoader {
  private readonly logger = new Logger(SilenceLoader.name);

  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly silences: SilenceRepository,
  ) {}

  /** The newest snapshot, brought forward. */
  async load(
    environmentId: string,
    shape: { readonly tickMs: number; readonly shardSize: number },
    cursor: EpochMs,
    rules: SilenceRules,
  ): Promise<SilenceMemory> {
    const { tickMs, shardSize } = shape;
    const snapshot = await this.silences.snapshot(environmentId);
    const usable = snapshot !== null && snapshot.tickMs === tickMs && snapshot.until.getTime() <= cursor;
    const book = usable ? await this.bookOf(environmentId, snapshot.bytes) : null;
    const from = book && snapshot ? snapshot.until.getTime() : -Infinity;
    const memory = new SilenceMemory(tickMs, shardSize, book ?? createSilenceBook(), from);
    await this.nameLikes(environmentId, memory);
    await this.bringForward(environmentId, memory, cursor, rules);
    return memory;
  }

  /** Over what shards noted since its cursor; what comes of that was committed before. */
  async bringForward(
    environmentId: string,
    memory: SilenceMemory,
    cursor: EpochMs,
    rules: SilenceRules,
  ): Promise<void> {
    const { tickMs } = memory;
    const presence = await this.silences.presence(environmentId, Math.max(0, memory.cursor), cursor);
    await this.learn(environmentId, memory, presence);
    const first = Math.max(memory.cursor, Math.min(cursor, ...presence.map((one) => one.from)));
    const open = await this.silences.open(environmentId);
    for (let time = first + tickMs; time <= cursor; time += tickMs) {
      const news = memory.advance(presence, time, rules);
      for (const like of news?.due ?? []) openSilence(memory.book, like);
    }
    agree(memory, open);
    memory.cursor = cursor;
  }

  /** Labels of series that were not seen before say what they are like. */
  async learn(environmentId: string, memory: SilenceMemory, presence: readonly Presence[]): Promise<void> {
    const ids = memory.unknownIds(presence);
    for (let i = 0; i < ids.length; i += PAGE) {
      for (const series of await this.telemetry.seriesByIds(environmentId, ids.slice(i, i + PAGE)))
        memory.learn(series);
    }
  }

  async snapshotOf({ book, tickMs }: SilenceMemory): Promise<{ readonly tickMs: number; readonly bytes: Buffer }> {
    return { tickMs, bytes: await pack(Buffer.from(serialiseSilence(book)), { level: 1 }) };
  }

  private async bookOf(environmentId: string, bytes: Buffer): Promise<SilenceBook | null> {
    try {
      return restoreSilence(new Uint8Array(await unpack(bytes)));
    } catch (error) {
      this.logger.warn({ msg: 'snapshot of silence not used; regularity is learned anew', environmentId, error });
      return null;
    }
  }

  /** What telemetry has dropped is waited for no longer. */
  private async nameLikes(environmentId: string, memory: SilenceMemory): Promise<void> {
    const { book } = memory;
    const byId = new Map<number, number>();
    for (let like = ENVIRONMENT_LIKE + 1; like < book.count; like += 1) byId.set(book.newest[like]!, like);
    const ids = [...byId.keys()];
    for (let i = 0; i < ids.length; i += PAGE) {
      for (const series of await this.telemetry.seriesByIds(environmentId, ids.slice(i, i + PAGE))) {
        memory.name(byId.get(series.id)!, series);
        byId.delete(series.id);
      }
    }
    for (const like of byId.values()) forgetLike(book, like);
  }
}

/** What was committed is the truth: what is open there is open, and nothing else is. */
function agree(memory: SilenceMemory, open: readonly AnomalyRow[]): void {
  const { book } = memory;
  memory.open.clear();
  for (const row of open) {
    const like = likeOfRow(memory, row);
    if (like === null) continue;
    const startedAt = row.startedAt.getTime();
    memory.open.set(like, row.id);
    if (Number.isNaN(book.firstAt[like]!)) {
      book.firstAt[like] = row.silence?.reportedSince ?? startedAt;
      book.newest[like] = row.seriesId;
      book.lastAt[like] = startedAt;
    }
    book.silentSince[like] = startedAt;
  }
  for (let like = 0; like < book.count; like += 1) {
    if (isOpen(book, like) && !memory.open.has(like)) closeSilence(book, like);
  }
}

function likeOfRow(memory: SilenceMemory, { silence, labels, seriesId }: AnomalyRow): number | null {
  if (silence?.scope === 'environment') return ENVIRONMENT_LIKE;
  const name = likeOf(labels);
  if (name === null) return null;
  if (memory.likeNamed(name) === undefined) memory.learn({ id: seriesId, labels });
  return memory.likeNamed(name) ?? null;
}
