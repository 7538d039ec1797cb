import { useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Incident, Page } from '../api/types';
import { IncidentStatusBadge, SeverityBadge } from '../components/badges';
import { Segmented } from '../components/segmented';
import { Empty, ErrorNote, Loading } from '../components/states';
import { Age, Time } from '../components/time';
import { useLive } from '../lib/live';
import { navigate } from '../lib/router';
import { useResource } from '../lib/resource';

const FILTERS = [
  ['active', 'Active'],
  ['resolved', 'Resolved'],
  ['all', 'All'],
] as const;
type Filter = (typeof FILTERS)[number][0];
const STATUSES: Readonly<Record<Filter, readonly string[] | undefined>> = {
  active: ['open', 'acknowledged', 'mitigated'],
  resolved: ['resolved'],
  all: undefined,
};
const PAGE = 50;

const EVENTS = [
  'incidents.incident-opened',
  'incidents.incident-updated',
  'incidents.incident-acknowledged',
  'incidents.incident-resolved',
] as const;

export function IncidentsPage() {
  const [filter, setFilter] = useState<Filter>('active');
  const [limit, setLimit] = useState(PAGE);
  const list = useResource(
    `incidents-${filter}-${limit}`,
    (signal) => get<Page<Incident>>('incidents', { status: STATUSES[filter], limit }, signal),
    30_000,
  );
  useLive(EVENTS, list.reload);
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>Incidents</h1>
          <p class="sub">Related anomalies as one thing to handle, with their evidence.</p>
        </div>
        <Segmented label="Which incidents" value={filter} options={FILTERS} onChange={setFilter} />
      </div>
      <ErrorNote error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data?.items.length === 0 && (
        <Empty title={filter === 'active' ? 'All calm' : 'Nothing here'}>
          {filter === 'active' ? 'No incident is open.' : 'No incident matches this filter.'}
        </Empty>
      )}
      {list.data && list.data.items.length > 0 && (
        <div class="card table-wrap">
          <table>
            <thead>
              <tr>
                <th class="number">No.</th>
                <th>Severity</th>
                <th>Status</th>
                <th>What</th>
                <th>Environment</th>
                <th>Since</th>
                <th class="number">Anomalies</th>
              </tr>
            </thead>
            <tbody>
              {list.data.items.map((incident) => (
                <tr
                  key={incident.incidentId}
                  onClick={() => navigate(`incidents/${incident.incidentId}`)}
                  style={{ cursor: 'pointer' }}
                >
                  <td class="number">#{incident.number}</td>
                  <td>
                    <SeverityBadge severity={incident.severity} />
                  </td>
                  <td>
                    <IncidentStatusBadge status={incident.status} />
                  </td>
                  <td>
                    <a href={`#/incidents/${incident.incidentId}`}>{incident.title}</a>
                  </td>
                  <td>{incident.environmentName}</td>
                  <td>
                    <Time at={incident.startedAt} date />{' '}
                    <span class="muted">
                      (<Age at={incident.startedAt} />)
                    </span>
                  </td>
                  <td class="number">{incident.anomalyCount}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.data.nextCursor && (
            <button class="quiet" onClick={() => setLimit(Math.min(limit + PAGE, 500))}>
              Show more
            </button>
          )}
        </div>
      )}
    </>
  );
}
