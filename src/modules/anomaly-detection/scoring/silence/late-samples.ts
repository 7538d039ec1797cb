import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../../kernel/clock.js';
import { TelemetryReader } from '../../../telemetry/index.js';
import { SilenceRepository } from '../../data/silence.repository.js';
import type { SilenceMemory } from './silence-memory.js';

const AT_ONCE = 2_000;

/** What came after its tick was scored, of likes that seem to be silent: asked for only where one is due. */
@Injectable()
export class LateSamples {
  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly silences: SilenceRepository,
  ) {}

  /** Tick of the newest sample before `time` that the book does not know, by like; absent where there is none. */
  async of(
    environmentId: string,
    memory: SilenceMemory,
    likes: readonly number[],
    time: EpochMs,
  ): Promise<ReadonlyMap<number, EpochMs>> {
    const found = new Map<number, EpochMs>();
    if (likes.length === 0) return found;
    const { book, tickMs } = memory;
    const members = likes.flatMap((like) => memory.membersOf(like).map((id) => ({ id, like })));
    const quiet = Math.max(...likes.map((like) => book.quiet[like]!));
    const range = { from: time - quiet * tickMs, to: time };
    for (let i = 0; i < members.length; i += AT_ONCE) {
      const some = members.slice(i, i + AT_ONCE);
      const ids = [...new Set(some.map(({ id }) => id))];
      const samples = await this.telemetry.readSamples(environmentId, ids, range);
      for (const { id, like } of some) {
        const window = samples.get(id);
        const last = window?.values.findLastIndex((value) => Number.isFinite(value)) ?? -1;
        if (last < 0) continue;
        const tick = (Math.floor(window!.times[last]! / tickMs) + 1) * tickMs;
        if (tick > book.lastAt[like]! && tick > (found.get(like) ?? 0)) found.set(like, tick);
      }
    }
    return found;
  }

  /** Whether signals of services were not derived up to a tick yet: that they have no sample says nothing then. */
  async signalsAreBehind(environmentId: string, time: EpochMs): Promise<boolean> {
    const until = await this.silences.signalsUntil(environmentId);
    return until !== null && until < time;
  }
}
