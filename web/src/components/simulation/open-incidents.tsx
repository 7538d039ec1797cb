import { get } from '../../api/client';
import type { Incident, Page } from '../../api/types';
import { useLive } from '../../lib/live';
import { useResource } from '../../lib/resource';
import { IncidentStatusBadge, SeverityBadge } from '../badges';
import { ErrorNote } from '../states';
import { Time } from '../time';

const MOST = 5;
const REFRESH_MS = 15_000;
const EVENTS = [
  'incidents.incident-opened',
  'incidents.incident-updated',
  'incidents.incident-acknowledged',
  'incidents.incident-resolved',
] as const;

/** The newest incidents of one environment, as they come. */
export function OpenIncidents(props: { environmentId: string }) {
  const { environmentId } = props;
  const list = useResource(
    `incidents-of-${environmentId}`,
    (signal) => get<Page<Incident>>('incidents', { environmentId, limit: MOST }, signal),
    REFRESH_MS,
  );
  useLive(EVENTS, list.reload, environmentId);
  const items = list.data?.items;
  return (
    <section class="card stack tight" aria-live="polite">
      <h2>Incidents</h2>
      <ErrorNote error={items ? undefined : list.error} retry={list.reload} />
      {items?.length === 0 && <p class="sub">Nothing was noticed yet.</p>}
      {items && items.length > 0 && (
        <ul class="plain">
          {items.map((incident) => (
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
