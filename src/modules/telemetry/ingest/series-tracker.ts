/** Ids per page; pages keep the table small although ids of one environment are spread out. */
const PAGE = 1 << 12;
const MINUTE_MS = 60_000;
/** How often a series that receives samples is marked as seen in the database. */
export const TOUCH_EVERY_MS = 6 * 3_600_000;

/**
 * Remembers, for all series of this process, when each was last known to exist in the database. Four bytes per
 * series; look-ups are on the path of every sample.
 */
export class SeriesTracker {
  /** Minutes since the epoch, by id; 0 where unknown. */
  private readonly pages = new Map<number, Uint32Array>();

  /** Distinct ids that must be touched before samples of theirs are stored. */
  due(ids: Int32Array, nowMs: number): number[] {
    const oldest = Math.floor((nowMs - TOUCH_EVERY_MS) / MINUTE_MS);
    const due: number[] = [];
    let previous = -1;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id === previous) continue;
      previous = id;
      if ((this.pages.get(Math.floor(id / PAGE))?.[id % PAGE] ?? 0) <= oldest) due.push(id);
    }
    return due.length < 2 ? due : [...new Set(due)];
  }

  mark(ids: Iterable<number>, nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    for (const id of ids) {
      const page = Math.floor(id / PAGE);
      let minutes = this.pages.get(page);
      if (!minutes) this.pages.set(page, (minutes = new Uint32Array(PAGE)));
      minutes[id % PAGE] = minute;
    }
  }
}
