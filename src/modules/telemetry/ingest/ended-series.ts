import { Injectable } from '@nestjs/common';
import type { SampleBatch } from '../../../kernel/time-series.js';
import { SeriesRepository } from '../storage/series.repository.js';

const MOST_REMEMBERED = 200_000;

/**
 * Series that a stale marker ended. What this process ended it revives with the next sample; what another process
 * ended, the next pack revives.
 */
@Injectable()
export class EndedSeries {
  private readonly endedAt = new Map<number, number>();

  constructor(private readonly repository: SeriesRepository) {}

  /** Durable when it resolves. Answers how many markers counted: those of accepted series, within the times we take. */
  async end(
    environmentId: string,
    seriesIds: Int32Array,
    times: Float64Array,
    range: { readonly oldest: number; readonly newest: number },
  ): Promise<number> {
    const ids: number[] = [];
    const at: number[] = [];
    for (let i = 0; i < seriesIds.length; i++) {
      if (seriesIds[i]! < 0 || !(times[i]! >= range.oldest && times[i]! <= range.newest)) continue;
      ids.push(seriesIds[i]!);
      at.push(times[i]!);
    }
    if (ids.length === 0) return 0;
    await this.repository.markEnded(environmentId, ids, at);
    if (this.endedAt.size > MOST_REMEMBERED) this.endedAt.clear();
    ids.forEach((id, i) => this.endedAt.set(id, Math.max(at[i]!, this.endedAt.get(id) ?? at[i]!)));
    return ids.length;
  }

  async revive(environmentId: string, { seriesIds, times }: SampleBatch): Promise<void> {
    if (this.endedAt.size === 0) return;
    const revived = new Map<number, number>();
    for (let i = 0; i < seriesIds.length; i++) {
      const endedAt = this.endedAt.get(seriesIds[i]!);
      if (endedAt !== undefined && times[i]! > endedAt) revived.set(seriesIds[i]!, times[i]!);
    }
    if (revived.size === 0) return;
    await this.repository.clearEnded(environmentId, [...revived.keys()], [...revived.values()]);
    for (const id of revived.keys()) this.endedAt.delete(id);
  }
}
