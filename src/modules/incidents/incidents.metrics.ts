import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import { Database } from '../../platform/database/database.js';
import { gaugeReadAtScrape } from '../../platform/observability/gauge-read-at-scrape.js';
import { SEVERITIES } from './incidents.events.js';

export const ACTIVE_INCIDENTS = 'dsim_incidents_active_incidents';
export const TRANSITIONS_TOTAL = 'dsim_incidents_transitions_total';
export const TIME_TO_DETECT_SECONDS = 'dsim_incidents_time_to_detect_seconds';

/** What happened to an incident; also the label `transition`. */
export type Transition =
  | 'opened'
  | 'evidence_added'
  | 'evidence_ended'
  | 'reopened'
  | 'merged'
  | 'acknowledged'
  | 'mitigated'
  | 'resolved_calm'
  | 'resolved_user';

/** Counted in the database at scrape time: every process says the same, whoever changed an incident. */
const activeIncidents = gaugeReadAtScrape({
  name: ACTIVE_INCIDENTS,
  help: 'Incidents that are not resolved, by severity. Use max() over processes',
  labelNames: ['severity'],
  source: Database,
  read: async (database) => {
    const rows = await database.read<{ severity: string; count: number }>(
      `SELECT severity, count(*)::int AS count FROM incidents_incidents WHERE status <> 'resolved' GROUP BY severity`,
    );
    return SEVERITIES.map((severity) => ({
      labels: { severity },
      value: rows.find((row) => row.severity === severity)?.count ?? 0,
    }));
  },
});

export const incidentMetrics = [
  activeIncidents,
  makeCounterProvider({ name: TRANSITIONS_TOTAL, help: 'Changes of incidents by kind', labelNames: ['transition'] }),
  makeHistogramProvider({
    name: TIME_TO_DETECT_SECONDS,
    help: 'From the first anomalous sample to the opened incident',
    buckets: [5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1_800],
  }),
];
