import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../kernel/clock.js';
import { TelemetryReader } from '../../telemetry/index.js';
import type { ScoringSetup } from './scoring-setup.js';
import type { ScoredRows, Shard } from './shard.js';
import { TickAdvance } from './tick-advance.js';

/** Points that are read and gone through at once: a bound on memory, and on how long the thread is held. */
const POINTS_AT_ONCE = 100_000;
const LONGEST_READ_MS = 86_400_000;

/**
 * Brings states forward over stored samples and drops what comes of it: after a restart, after another worker's
 * turn, and to learn from history.
 */
@Injectable()
export class ShardReplay {
  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly advance: TickAdvance,
  ) {}

  /**
   * Both times are on the grid of the tick. `pause` is called between reads and may say that it is enough. Answers
   * where about the first samples were found, null where there were none.
   */
  async run(
    setup: ScoringSetup,
    shard: Pick<Shard, 'environmentId' | 'tickMs'>,
    columns: ScoredRows,
    range: { readonly from: EpochMs; readonly to: EpochMs },
    pause?: (at: EpochMs, first: EpochMs | null) => Promise<boolean>,
  ): Promise<EpochMs | null> {
    const { rows, ids } = columns;
    let first: EpochMs | null = null;
    if (rows.length === 0) return first;
    const { tickMs } = shard;
    const ticks = Math.max(1, Math.min(Math.floor(POINTS_AT_ONCE / rows.length), Math.floor(LONGEST_READ_MS / tickMs)));
    let fresh = rows.every(({ carry }) => carry.time === null);
    for (let from = range.from; from < range.to;) {
      const to = Math.min(range.to, from + ticks * tickMs);
      const samples = await this.telemetry.readSamples(shard.environmentId, ids, { from, to });
      // Before the first sample of all there is nothing to go through.
      if (!fresh || samples.size > 0) {
        const grid = { first: from + tickMs, stepMs: tickMs, count: (to - from) / tickMs };
        await this.advance.advance(setup, columns, samples, grid);
        fresh = false;
        first ??= from;
      }
      from = to;
      if (pause && (await pause(to, first))) break;
    }
    return first;
  }
}
