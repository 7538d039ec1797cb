import { useState } from 'preact/hooks';
import { get } from '../api/client';
import type { DetectionSummary, Environment, EnvironmentStatus } from '../api/types';
import { AnomalyTable } from '../components/anomaly-table';
import { ReceivingBadge } from '../components/badges';
import { EnvironmentTabs } from '../components/detection/environment-head';
import { Segmented } from '../components/segmented';
import { SeriesChart } from '../components/series-chart';
import { SeriesPicker } from '../components/series-picker';
import { Empty, ErrorNote, Loading } from '../components/states';
import { Age } from '../components/time';
import { useChosenSeries } from '../lib/chosen-series';
import { eventTimeOf } from '../lib/event-time';
import { formatDuration } from '../lib/format';
import { useLive } from '../lib/live';
import { useResource } from '../lib/resource';

const SPANS = [
  ['15', '15 min'],
  ['60', '1 h'],
  ['360', '6 h'],
  ['1440', '24 h'],
] as const;
type Span = (typeof SPANS)[number][0];

const EVENTS = [
  'anomaly-detection.tick-scored',
  'anomaly-detection.anomaly-detected',
  'anomaly-detection.anomaly-ended',
] as const;

export function EnvironmentPage(props: { id: string }) {
  const { id } = props;
  const [span, setSpan] = useState<Span>('15');
  const [picking, setPicking] = useState(false);
  // Counts the ticks: charts load again when it changes, by an event or, while offline, by the poll below.
  const [turn, setTurn] = useState(0);
  const refresh = (): void => setTurn((count) => count + 1);
  const live = useLive(EVENTS, refresh, id);
  const environment = useResource(`environment-${id}`, (signal) => get<Environment>(`environments/${id}`, {}, signal));
  const status = useResource(
    `environment-status-${id}`,
    (signal) => {
      if (live !== 'live') refresh();
      return get<EnvironmentStatus>(`environments/${id}/status`, {}, signal);
    },
    5_000,
  );
  const detection = useResource(`environment-detection-${id}-${turn}`, (signal) =>
    get<DetectionSummary>(`environments/${id}/detection`, {}, signal).catch(() => undefined),
  );
  const chosen = useChosenSeries(id, turn);

  if (environment.error && !environment.data) return <ErrorNote error={environment.error} retry={environment.reload} />;
  if (!environment.data) return <Loading />;
  return (
    <>
      <div class="head">
        <div class="grow">
          <div class="row">
            <h1>{environment.data.name}</h1>
            {status.data && <ReceivingBadge status={status.data} />}
            <EnvironmentTabs id={id} current="" />
          </div>
          <p class="sub">
            {status.data?.lastSampleAt ? (
              <>
                last sample <Age at={status.data.lastSampleAt} />
              </>
            ) : (
              (status.data?.reason ?? 'waiting for the first sample')
            )}
            <DetectionLine detection={detection.data} />
          </p>
        </div>
        {environment.data.kind === 'simulated' && (
          <a class="button" href={`#/simulations/${id}`}>
            Control the simulation
          </a>
        )}
        <Segmented label="Time span" value={span} options={SPANS} onChange={setSpan} />
        <button onClick={() => setPicking(true)}>Choose series</button>
      </div>
      {status.data?.state === 'stale' && <div class="note">{status.data.reason}</div>}
      <ErrorNote error={chosen.error} retry={refresh} />
      {chosen.series?.length === 0 && (
        <Empty title="No series to show">
          {status.data?.seriesCount ? (
            <button onClick={() => setPicking(true)}>Choose series</button>
          ) : (
            <p>
              Nothing was received yet. <a href="#/tokens">Make a token</a> and point a Prometheus here.
            </p>
          )}
        </Empty>
      )}
      <div class="grid">
        {chosen.series?.map((series) => (
          <SeriesChart
            key={series.id}
            environmentId={id}
            series={series}
            minutes={Number(span)}
            turn={turn}
            until={eventTimeOf(environment.data, status.data)}
          />
        ))}
      </div>
      <AnomalyTable environmentId={id} turn={turn} learning={detection.data?.states.ok === 0} />
      {picking && <SeriesPicker environmentId={id} chosen={chosen.series ?? []} onClose={() => setPicking(false)} />}
    </>
  );
}

function DetectionLine(props: { detection: DetectionSummary | undefined }) {
  const { detection } = props;
  if (!detection) return null;
  const { ok, learning, stale } = detection.states;
  return (
    <>
      {' '}
      · {ok} series watched, {learning} learning{stale > 0 && `, ${stale} stale`} · every{' '}
      {formatDuration(detection.tickSeconds)} by {detection.model.id}@{detection.model.version}
    </>
  );
}
