import { formatNumber } from '../../../engine/correlation/numbers.js';
import type { IncidentSnapshot } from '../../incidents/index.js';

export const INCIDENT_ALERT = 'DevOpsSimulatorIncident';
export const TEST_ALERT = 'DevOpsSimulatorTest';
const DESCRIBED_EVIDENCE = 3;

/** `postableAlert` of Alertmanager's API v2 (contracts 4.2). */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** A label set that an alert of the incident had before, and since when not any more. */
export interface ReplacedLabels {
  readonly labels: Readonly<Record<string, string>>;
  readonly replacedAt: Date;
}

/** Labels are the identity of an alert: when severity or shared labels change, it is another alert. */
export function alertLabels(incident: IncidentSnapshot): Record<string, string> {
  return {
    ...incident.sharedLabels,
    alertname: INCIDENT_ALERT,
    severity: incident.severity,
    environment: incident.environmentName,
    incident: String(incident.number),
  };
}

/**
 * The incident as alerts: the present one, firing until `firingUntilMs` or resolved, and its earlier label sets as
 * resolved, so that a change of severity does not leave two alerts firing.
 */
export function alertsOf(
  incident: IncidentSnapshot,
  replaced: readonly ReplacedLabels[],
  firingUntilMs: number,
  publicUrl: string | undefined,
): PostableAlert[] {
  const startMs = Date.parse(incident.startedAt);
  const common = {
    annotations: { summary: incident.title, description: descriptionOf(incident) },
    startsAt: incident.startedAt,
    ...(publicUrl === undefined ? {} : { generatorURL: incidentUrl(publicUrl, incident.incidentId) }),
  };
  // Alertmanager refuses the whole request when one alert ends before it starts.
  const until = (ms: number) => new Date(Math.max(ms, startMs)).toISOString();
  const endMs = incident.resolvedAt === null ? firingUntilMs : Date.parse(incident.resolvedAt);
  return [
    ...replaced.map(({ labels, replacedAt }) => ({ ...common, labels, endsAt: until(replacedAt.getTime()) })),
    { ...common, labels: alertLabels(incident), endsAt: until(endMs) },
  ];
}

export function testAlert(nowMs: number, lastsMs: number): PostableAlert {
  return {
    labels: { alertname: TEST_ALERT, severity: 'info' },
    annotations: {
      summary: 'Test of the Alertmanager channel',
      description: 'Someone asked for it. It ends by itself.',
    },
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + lastsMs).toISOString(),
  };
}

export function incidentUrl(publicUrl: string, incidentId: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/#/incidents/${incidentId}`;
}

/** Evidence without a value is that nothing was reported. */
function measuredText({ value, yhat, yhatLower, yhatUpper }: IncidentSnapshot['evidence'][number]): string {
  if (value === null || yhat === null || yhatLower === null || yhatUpper === null) return 'stopped reporting';
  const band = `band ${formatNumber(yhatLower)} to ${formatNumber(yhatUpper)}`;
  return `at ${formatNumber(value)}, expected ${formatNumber(yhat)} (${band})`;
}

function descriptionOf(incident: IncidentSnapshot): string {
  const lines = incident.evidence
    .slice(0, DESCRIBED_EVIDENCE)
    .map((item) => `${item.series} ${measuredText(item)}, score ${item.score.toFixed(1)}`);
  const more = incident.anomalyCount - lines.length;
  return [...lines, ...(more > 0 && lines.length > 0 ? [`and ${more} more`] : [])].join('\n') || incident.title;
}
