import type { EpochMs } from '../../kernel/clock.js';
import type { WatchedAnomaly, WatchedGroup } from './watch.types.js';

/** Anomalies that open within so long of a group's last one belong to it, while it is open. */
const JOIN_MS = 600_000;

/** Groups that are open; a group ends when the last of its anomalies did. */
export interface PageBook {
  opened: number;
  open: { group: WatchedGroup; lastOpenedAt: EpochMs }[];
}

export function createPages(): PageBook {
  return { opened: 0, open: [] };
}

/** Puts what opened into groups. Anomalies that open at the same time are one page. */
export function advancePages(
  pages: PageBook,
  opened: readonly WatchedAnomaly[],
  time: EpochMs,
): { readonly opened: readonly WatchedGroup[]; readonly ended: readonly WatchedGroup[] } {
  const ended: WatchedGroup[] = [];
  const fresh: WatchedGroup[] = [];
  pages.open = pages.open.filter(({ group }) => {
    if (group.anomalies.some(({ endedAt }) => endedAt === null)) return true;
    group.endedAt = time;
    ended.push(group);
    return false;
  });
  for (const anomaly of opened) {
    let entry = pages.open.find(({ lastOpenedAt }) => time - lastOpenedAt <= JOIN_MS);
    if (entry === undefined) {
      pages.opened += 1;
      entry = { group: { id: pages.opened, openedAt: time, endedAt: null, anomalies: [] }, lastOpenedAt: time };
      pages.open.push(entry);
      fresh.push(entry.group);
    }
    entry.group.anomalies.push(anomaly);
    entry.lastOpenedAt = time;
  }
  return { opened: fresh, ended };
}

/** Goes on without touching the groups of the other. */
export function copyPages({ opened, open }: PageBook, copied: ReadonlyMap<WatchedAnomaly, WatchedAnomaly>): PageBook {
  return {
    opened,
    open: open.map(({ group, lastOpenedAt }) => ({
      group: { ...group, anomalies: group.anomalies.map((anomaly) => copied.get(anomaly) ?? anomaly) },
      lastOpenedAt,
    })),
  };
}
