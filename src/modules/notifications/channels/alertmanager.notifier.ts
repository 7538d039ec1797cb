import type { Clock } from '../../../kernel/clock.js';
import type { IncidentSnapshot, IncidentsReader } from '../../incidents/index.js';
import type { AlertLabelsRepository } from './alert-labels.repository.js';
import { alertLabels, alertsOf, testAlert } from './alerts.js';
import { postJson } from './http-post.js';
import type { Notification, Notifier, Outcome } from './notifier.js';

/** Firing alerts are sent again this often, and expire at Alertmanager after four times as long. */
export const RESEND_MS = 60_000;
const FIRING_MS = 4 * RESEND_MS;
/** Resolved ones are sent again for this long. */
export const RESOLVED_RESEND_MS = 5 * 60_000;
const ALERTS_PER_REQUEST = 256;

export interface AlertmanagerOptions {
  readonly url: string;
  /** Complete `Authorization` header. */
  readonly authorization?: string;
  readonly publicUrl?: string;
  readonly timeoutMs: number;
}

/** Sends incidents as alerts to one Alertmanager, which groups, silences and routes them. */
export class AlertmanagerNotifier implements Notifier {
  constructor(
    private readonly options: AlertmanagerOptions,
    private readonly incidents: IncidentsReader,
    private readonly labels: AlertLabelsRepository,
    private readonly clock: Clock,
  ) {}

  async deliver(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    if (notification.incident === null) return this.post([testAlert(this.clock.now(), RESEND_MS)], signal);
    // A retry hours later must not fire what is over by then: the present state counts, not that of the event.
    const present = (await this.incidents.find(notification.incident.incidentId)) ?? notification.incident;
    return this.send([present], signal);
  }

  /** Stops at the first request that fails. */
  async send(incidents: readonly IncidentSnapshot[], signal: AbortSignal): Promise<Outcome> {
    const now = this.clock.now();
    const alerts = [];
    for (const incident of incidents) {
      const since = new Date(now - RESOLVED_RESEND_MS);
      const replaced = await this.labels.replace(incident, alertLabels(incident), new Date(now), since);
      alerts.push(...alertsOf(incident, replaced, now + FIRING_MS, this.options.publicUrl));
    }
    for (let from = 0; from < alerts.length; from += ALERTS_PER_REQUEST) {
      const outcome = await this.post(alerts.slice(from, from + ALERTS_PER_REQUEST), signal);
      if (outcome.outcome !== 'delivered') return outcome;
    }
    return { outcome: 'delivered' };
  }

  private async post(alerts: readonly object[], signal: AbortSignal): Promise<Outcome> {
    const { url, authorization, timeoutMs } = this.options;
    return postJson({
      url: `${url.replace(/\/+$/, '')}/api/v2/alerts`,
      body: JSON.stringify(alerts),
      ...(authorization === undefined ? {} : { headers: { Authorization: authorization } }),
      timeoutMs,
      signal,
    });
  }
}
