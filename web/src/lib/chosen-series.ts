import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Anomaly, Page, Series } from '../api/types';
import { pinnedSeries } from './preferences';
import { useResource } from './resource';

const MOST_CHARTS = 12;

/** What a newcomer wants to see first, best first. Only those that exist are shown. */
const FIRST_LOOK = [
  '{__name__="node_load1"}',
  '{__name__="node_cpu_seconds_total",mode="user"}',
  '{__name__="node_cpu_seconds_total",mode="idle"}',
  '{__name__="node_memory_MemAvailable_bytes"}',
  '{__name__="node_network_receive_bytes_total",device!="lo"}',
  '{__name__="node_disk_written_bytes_total"}',
  '{__name__="http_requests_total"}',
  '{__name__="up"}',
];

/** The pinned series, or a first look; series with an open anomaly always come first. */
export function useChosenSeries(environmentId: string, turn: number): { series?: Series[]; error?: Error } {
  const [pinned, setPinned] = useState(() => pinnedSeries(environmentId));
  useEffect(() => {
    const update = (): void => setPinned(pinnedSeries(environmentId));
    addEventListener('dsim:preference', update);
    return () => removeEventListener('dsim:preference', update);
  }, [environmentId]);

  const base = useResource(
    `chosen-${environmentId}-${pinned?.join(',') ?? 'first-look'}`,
    (signal) => (pinned ? byIds(environmentId, pinned, signal) : firstLook(environmentId, signal)),
    pinned ? undefined : 30_000,
  );
  const open = useResource(`anomalous-${environmentId}-${turn}`, (signal) =>
    get<Page<Anomaly>>(`environments/${environmentId}/anomalies`, { state: 'open', limit: MOST_CHARTS }, signal).catch(
      () => ({ items: [], nextCursor: null }),
    ),
  );
  const [anomalous, setAnomalous] = useState<Series[]>([]);
  useEffect(() => {
    if (open.data) setAnomalous(open.data.items.map(asSeries));
  }, [open.data]);

  if (!base.data) return { error: base.error };
  const all = new Map([...anomalous, ...base.data].map((series) => [series.id, series]));
  const limit = pinned ? Math.max(pinned.length + anomalous.length, MOST_CHARTS) : MOST_CHARTS;
  return { series: [...all.values()].slice(0, limit) };
}

const asSeries = (anomaly: Anomaly): Series => ({
  id: anomaly.seriesId,
  labels: anomaly.labels,
  metricType: 'unknown',
  createdAt: anomaly.startedAt,
  endedAt: null,
});

async function firstLook(environmentId: string, signal: AbortSignal): Promise<Series[]> {
  const path = `environments/${environmentId}/series`;
  const pages = await Promise.all(
    FIRST_LOOK.map((selector) => get<Page<Series>>(path, { 'match[]': selector, limit: 2 }, signal)),
  );
  const found = pages.flatMap((page) => page.items);
  if (found.length > 0) return found;
  return (await get<Page<Series>>(path, { limit: MOST_CHARTS }, signal)).items;
}

async function byIds(environmentId: string, ids: readonly number[], signal: AbortSignal): Promise<Series[]> {
  if (ids.length === 0) return [];
  return (await get<Page<Series>>(`environments/${environmentId}/series`, { id: ids, limit: 500 }, signal)).items;
}
