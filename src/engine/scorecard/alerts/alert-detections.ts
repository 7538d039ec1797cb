import { serviceOf } from '../../watch/service-of.js';
import type { Detection, ScoredRun } from '../score-card.types.js';
import type { FiredAlert } from './fire-alerts.js';

/** Alerts as score cards take them: each that fires is a detection, those of one rule that fire together are one page. */
export function alertDetections(
  fired: readonly FiredAlert[],
  branch: string | null,
): Pick<ScoredRun, 'anomalies' | 'pages'> {
  const sorted = [...fired].sort((a, b) => a.at - b.at);
  const detections = (alerts: readonly FiredAlert[]) => alerts.map((alert) => detectionOf(alert, branch));
  return { anomalies: detections(sorted), pages: detections(pagesOf(sorted)) };
}

/** An alert that fires while another of its rule does goes with that one's page, as Alertmanager groups by `alertname`. */
function pagesOf(fired: readonly FiredAlert[]): readonly FiredAlert[] {
  const until = new Map<string, number>();
  return fired.filter((alert) => {
    const before = until.get(alert.alert) ?? -Infinity;
    until.set(alert.alert, Math.max(before, alert.endedAt ?? Infinity));
    return alert.at > before;
  });
}

function detectionOf({ alert, labels, subject, at, endedAt }: FiredAlert, branch: string | null): Detection {
  return { at, endedAt, service: serviceOf(labels), subject, reason: alert, branch, trace: null };
}
