import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { ReplacedLabels } from './alerts.js';

/** Which label sets the alerts of an incident have had. */
@Injectable()
export class AlertLabelsRepository {
  constructor(private readonly database: Database) {}

  /** Makes `labels` the present ones of the incident, and answers those replaced after `since`. */
  async replace(
    incident: { readonly incidentId: string; readonly environmentId: string },
    labels: Readonly<Record<string, string>>,
    now: Date,
    since: Date,
  ): Promise<ReplacedLabels[]> {
    const key = keyOf(labels);
    return this.database.transaction(async (tx) => {
      await this.database.lock(tx, `notifications.alert-labels.${incident.incidentId}`);
      await tx.query(
        `INSERT INTO notifications_alert_labels (incident_id, labels_key, environment_id, labels) VALUES ($1, $2, $3, $4)
         ON CONFLICT (incident_id, labels_key) DO UPDATE SET replaced_at = NULL
         WHERE notifications_alert_labels.replaced_at IS NOT NULL`,
        [incident.incidentId, key, incident.environmentId, JSON.stringify(labels)],
      );
      await tx.query(
        `UPDATE notifications_alert_labels SET replaced_at = $3
         WHERE incident_id = $1 AND labels_key <> $2 AND replaced_at IS NULL`,
        [incident.incidentId, key, now],
      );
      return tx.query<ReplacedLabels[]>(
        `SELECT labels, replaced_at AS "replacedAt" FROM notifications_alert_labels
         WHERE incident_id = $1 AND replaced_at > $2 ORDER BY replaced_at`,
        [incident.incidentId, since],
      );
    });
  }

  /** Drops what belongs to incidents that are over. */
  async keepOnly(incidentIds: readonly string[]): Promise<void> {
    await this.database.query('DELETE FROM notifications_alert_labels WHERE incident_id <> ALL($1::uuid[])', [
      incidentIds,
    ]);
  }
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32);
}
