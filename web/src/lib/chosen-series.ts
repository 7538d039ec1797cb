import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Anomaly, Page, Series } from '../api/types';
import { type PinnedSeries, pinnedSeries } from './preferences';
import { useResource } from './resource';

const MOST_CHARTS = 12;
/** Of each line of the first look. */
const MOST_ALIKE = 2;
/** Pods come and go: among so many series of one name some are of those that are there now. */
const LOOKED_AT = 50;

/** What a newcomer wants to see first, best first. Only those that exist and have not ended are shown. */
const FIRST_LOOK = [
  '{__name__=~"dsim_simulation_user_.*"}',
  '{__name__="node_load1"}',
  '{__name__="node_cpu_seconds_total",mode="user"}',
  '{__name__="node_cpu_seconds_total",mode="idle"}',
  '{__name__="node_memory_MemAvailable_bytes"}',
  '{__name__="node_network_receive_bytes_total",device=~"e.*|w.*"}',
  '{__name__="node_disk_written_bytes_total"}',
  '{__name__="http_requests_total"}',
  '{__name__="up"}',
];

/** The pinned series, or a first look; series with an open anomaly always come first. */
export function useChosenSeries(environmentId: string, turn: number): { series?: PinnedSeries[]; error?: Error } {
  const [pinned, setPinned] = useState(() => pinnedSeries(environmentId));
  useEffect(() => {
    const update = (): void => setPinned(pinnedSeries(environmentId));
    addEventListener('dsim:preference', update);
    return () => removeEventListener('dsim:preference', update);
  }, [environmentId]);

  // A new environment gets its series one by one, so the first look is taken again for a while.
  const first = useResource<readonly PinnedSeries[]>(
    `first-look-${environmentId}`,
    (signal) => firstLook(environmentId, signal),
    30_000,
  );
  const open = useResource(`anomalous-${environmentId}-${turn}`, (signal) =>
    get<Page<Anomaly>>(`environments/${environmentId}/anomalies`, { state: 'open', limit: MOST_CHARTS }, signal).catch(
      () => undefined,
    ),
  );
  const [anomalous, setAnomalous] = useState<readonly PinnedSeries[]>([]);
  useEffect(() => {
    if (open.data) setAnomalous(open.data.items.map(({ seriesId, labels }) => ({ id: seriesId, labels })));
  }, [open.data]);

  const base = pinned ?? first.data;
  if (!base) return { error: first.error };
  const all = new Map([...anomalous, ...base].map((series) => [series.id, series]));
  return { series: [...all.values()].slice(0, Math.max(MOST_CHARTS, base.length)) };
}

async function firstLook(environmentId: string, signal: AbortSignal): Promise<Series[]> {
  const path = `environments/${environmentId}/series`;
  const pages = await Promise.all(
    FIRST_LOOK.map((selector) => get<Page<Series>>(path, { 'match[]': selector, limit: LOOKED_AT }, signal)),
  );
  const found = pages.flatMap((page) => page.items.filter(({ endedAt }) => endedAt === null).slice(0, MOST_ALIKE));
  if (found.length > 0) return found;
  return (await get<Page<Series>>(path, { limit: MOST_CHARTS }, signal)).items;
}
