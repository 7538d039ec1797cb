import { get } from '../api/client';
import type { DetectionSummary, Environment, EnvironmentStatus, Incident, Page } from '../api/types';
import { ReceivingBadge, SeverityBadge } from '../components/badges';
import { Empty, ErrorNote, Loading } from '../components/states';
import { Age } from '../components/time';
import { formatNumber } from '../lib/format';
import { useResource } from '../lib/resource';

const REFRESH_MS = 10_000;

export function EnvironmentsPage() {
  const list = useResource(
    'environments',
    (signal) => get<Page<Environment>>('environments', { limit: 200 }, signal),
    30_000,
  );
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>Environments</h1>
          <p class="sub">What is being watched. Each has its own series, detectors and incidents.</p>
        </div>
        <a class="button" href="#/tokens">
          Connect a Prometheus
        </a>
      </div>
      <ErrorNote error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data?.items.length === 0 && (
        <Empty title="Nothing is being watched yet">
          <p>
            Turn the host source on with <span class="mono">TELEMETRY_HOST_SOURCE_ENABLED=true</span>, or{' '}
            <a href="#/tokens">connect a Prometheus</a> with remote write.
          </p>
        </Empty>
      )}
      <div class="cards">
        {list.data?.items.map((environment) => (
          <EnvironmentCard key={environment.id} environment={environment} />
        ))}
      </div>
    </>
  );
}

function EnvironmentCard(props: { environment: Environment }) {
  const { id, name, kind } = props.environment;
  const status = useResource(
    `status-${id}`,
    (signal) => get<EnvironmentStatus>(`environments/${id}/status`, {}, signal),
    REFRESH_MS,
  );
  const detection = useResource(
    `detection-${id}`,
    (signal) => get<DetectionSummary>(`environments/${id}/detection`, {}, signal).catch(() => undefined),
    REFRESH_MS,
  );
  const incidents = useResource(
    `incidents-${id}`,
    (signal) =>
      get<Page<Incident>>('incidents', { environmentId: id, status: ['open', 'acknowledged'], limit: 20 }, signal),
    REFRESH_MS,
  );
  const states = detection.data?.states;
  return (
    <a class="card" href={`#/environments/${id}`}>
      <div class="row">
        <h2 style={{ flex: 1 }}>{name}</h2>
        {status.data && <ReceivingBadge status={status.data} />}
      </div>
      <p class="sub">
        {kind === 'host' ? 'the machine this server runs on' : kind} · last sample{' '}
        {status.data?.lastSampleAt ? <Age at={status.data.lastSampleAt} /> : 'never'}
      </p>
      <div class="figures">
        <div>
          <span class="muted">series</span>
          <b>{formatNumber(status.data?.seriesCount)}</b>
        </div>
        <div>
          <span class="muted">watched</span>
          <b>{formatNumber(states ? states.ok + states.learning : undefined)}</b>
        </div>
        <div>
          <span class="muted">learning</span>
          <b>{formatNumber(states?.learning)}</b>
        </div>
        <div>
          <span class="muted">incidents</span>
          <b>{formatNumber(incidents.data?.items.length)}</b>
        </div>
      </div>
      {incidents.data?.items.slice(0, 3).map((incident) => (
        <div class="row" key={incident.incidentId} style={{ marginTop: '8px' }}>
          <SeverityBadge severity={incident.severity} />
          <span>
            #{incident.number} {incident.title}
          </span>
        </div>
      ))}
    </a>
  );
}
