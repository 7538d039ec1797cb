import { get } from '../../api/client';
import type { Incident, Page } from '../../api/types';
import { useLive } from '../../lib/live';
import { useResource } from '../../lib/resource';
import { IncidentStatusBadge, SeverityBadge } from '../badges';
import { ErrorNote } from '../states';
import { Time } from '../time';

const LOOKED_AT = 100;
const MOST_SHOWN = 5;
const SEVERITIES: readonly Incident['severity'][] = ['critical', 'error', 'warning', 'info'];
const REFRESH_MS = 15_000;
const EVENTS = [
  'incidents.incident-opened',
  'incidents.incident-updated',
  'incidents.incident-acknowledged',
  'incidents.incident-resolved',
] as const;

/** The incidents of one environment as they come: what goes on first, and the worst of it first. */
export function OpenIncidents(props: { environmentId: string }) {
  const { environmentId } = props;
  const list = useResource(
    `incidents-of-${environmentId}`,
    (signal) => get<Page<Incident>>('incidents', { environmentId, limit: LOOKED_AT }, signal),
    REFRESH_MS,
  );
  useLive(EVENTS, list.reload, environmentId);
  const items = list.data?.items;
  const active = items?.filter(({ status }) => status !== 'resolved').length ?? 0;
  return (
    <section class="card stack tight" aria-live="polite">
      <div class="row">
        <h2 style={{ flex: 1 }}>Incidents</h2>
        {active > 0 && <a href="#/incidents">{active === LOOKED_AT ? `${active} or more` : active} active</a>}
      </div>
      <ErrorNote error={items ? undefined : list.error} retry={list.reload} />
      {items?.length === 0 && <p class="sub">Nothing was noticed yet.</p>}
      {items && items.length > 0 && (
        <ul class="plain">
          {items
            .toSorted(byUrgency)
            .slice(0, MOST_SHOWN)
            .map((incident) => (
              <li key={incident.incidentId}>
                <div class="row">
                  <SeverityBadge severity={incident.severity} />
                  <IncidentStatusBadge status={incident.status} />
                  <span class="muted">
                    since <Time at={incident.startedAt} />
                  </span>
                </div>
                <a href={`#/incidents/${incident.incidentId}`}>
                  #{incident.number} {incident.title}
                </a>
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}

function byUrgency(a: Incident, b: Incident): number {
  const over = Number(a.status === 'resolved') - Number(b.status === 'resolved');
  if (over !== 0 || a.status === 'resolved') return over || b.number - a.number;
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.number - a.number;
}
