import { useState } from 'preact/hooks';
import { get, post } from '../api/client';
import type { Evidence, IncidentDetail, Principal } from '../api/types';
import { IncidentStatusBadge, SeverityBadge } from '../components/badges';
import { SeriesChart } from '../components/series-chart';
import { ErrorNote, Loading } from '../components/states';
import { Age, Time } from '../components/time';
import { useEventTime } from '../lib/event-time';
import { formatNumber } from '../lib/format';
import { parseSeries } from '../lib/parse-series';
import { useLive } from '../lib/live';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

const EVENTS = [
  'incidents.incident-updated',
  'incidents.incident-acknowledged',
  'incidents.incident-resolved',
  'anomaly-detection.tick-scored',
] as const;
const RESOLUTION: Readonly<Record<string, string>> = {
  calm: 'calm again',
  user: 'by a person',
  merged: 'merged into another incident',
};
const MOST_CHARTS = 6;
const MARGIN_MS = 10 * 60_000;

export function IncidentPage(props: { id: string; principal: Principal }) {
  const [turn, setTurn] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const incident = useResource(`incident-${props.id}`, (signal) =>
    get<IncidentDetail>(`incidents/${props.id}`, {}, signal),
  );
  const until = useEventTime(incident.data?.environmentId);
  const changed = (): void => {
    incident.reload();
    setTurn((count) => count + 1);
  };
  useLive(EVENTS, changed, incident.data?.environmentId);
  const act = (verb: 'acknowledge' | 'resolve'): void => {
    setBusy(true);
    setFailure(undefined);
    post(`incidents/${props.id}/${verb}`)
      .catch((error: Error) => setFailure(error))
      .finally(() => {
        setBusy(false);
        incident.reload();
      });
  };
  const { data } = incident;
  if (!data) return incident.error ? <ErrorNote error={incident.error} retry={incident.reload} /> : <Loading />;
  return (
    <>
      <div class="head">
        <div class="grow">
          <div class="row">
            <SeverityBadge severity={data.severity} />
            <IncidentStatusBadge status={data.status} />
            <span class="muted">
              #{data.number} · <a href={`#/environments/${data.environmentId}`}>{data.environmentName}</a>
            </span>
          </div>
          <h1>{data.title}</h1>
          <p class="sub">
            since <Time at={data.startedAt} date /> (<Age at={data.startedAt} />)
            {data.acknowledgedBy && ` · acknowledged by ${data.acknowledgedBy}`}
            {data.mergedInto && (
              <>
                {' '}
                · <a href={`#/incidents/${data.mergedInto}`}>go to the incident it is part of</a>
              </>
            )}
            {data.resolvedAt && (
              <>
                {' '}
                · resolved <Time at={data.resolvedAt} date /> ({RESOLUTION[data.resolution ?? 'user']})
              </>
            )}
          </p>
        </div>
        {data.status === 'open' && may(props.principal, 'incidents:acknowledge') && (
          <button class="primary" disabled={busy} onClick={() => act('acknowledge')}>
            Acknowledge
          </button>
        )}
        {data.status !== 'resolved' && may(props.principal, 'incidents:resolve') && (
          <button disabled={busy} onClick={() => act('resolve')}>
            Resolve
          </button>
        )}
      </div>
      <ErrorNote error={failure ?? incident.error} />
      <div class="columns">
        <div class="stack">
          {data.evidence.slice(0, MOST_CHARTS).map((item) => (
            <SeriesChart
              key={item.anomalyId}
              environmentId={data.environmentId}
              series={{ id: item.seriesId, labels: parseSeries(item.series) }}
              minutes={30}
              window={windowOf(item)}
              until={until}
              turn={turn}
              height={150}
            />
          ))}
        </div>
        <div class="stack">
          <section class="card">
            <h2>Evidence</h2>
            <EvidenceTable evidence={data.evidence} />
          </section>
          <section class="card">
            <h2>Timeline</h2>
            <ol class="timeline">
              {data.timeline.map((entry, index) => (
                <li key={index}>
                  <span class="muted">
                    <Time at={entry.at} /> {entry.actor ?? ''}
                  </span>
                  <div>{entry.text}</div>
                </li>
              ))}
            </ol>
          </section>
        </div>
      </div>
    </>
  );
}

function windowOf(item: Evidence): { from: number; to: number } | undefined {
  if (!item.endedAt) return undefined;
  return { from: Date.parse(item.startedAt) - MARGIN_MS, to: Date.parse(item.endedAt) + MARGIN_MS };
}

function EvidenceTable(props: { evidence: readonly Evidence[] }) {
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th>Series</th>
            <th class="number">Value</th>
            <th class="number">Expected</th>
            <th class="number">Score</th>
          </tr>
        </thead>
        <tbody>
          {props.evidence.map((item) => (
            <tr key={item.anomalyId}>
              <td>
                <span class="mono">{item.series}</span>
                <div class="muted">
                  <Time at={item.startedAt} /> to {item.endedAt ? <Time at={item.endedAt} /> : 'now'}
                </div>
              </td>
              <td class="number">{item.value === null ? 'no data' : formatNumber(item.value)}</td>
              <td class="number">
                {formatNumber(item.yhat)}
                {item.yhat !== null && (
                  <div class="muted">
                    {formatNumber(item.yhatLower)}…{formatNumber(item.yhatUpper)}
                  </div>
                )}
              </td>
              <td class="number">{formatNumber(item.score)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
