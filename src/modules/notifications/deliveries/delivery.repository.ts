import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Page } from '../../../kernel/page.js';
import { newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import type { IncidentSnapshot } from '../../incidents/index.js';
import type { Channel, FailureReason, Notification } from '../channels/notifier.js';

const cursorKey = z.tuple([cursorPart.id]);

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly channel: string;
  readonly target: string;
  readonly destination: string;
  readonly environmentId: string | null;
  readonly incidentId: string | null;
  readonly incidentNumber: number | null;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly giveUpAt: Date;
  readonly reason: FailureReason | null;
  readonly detail: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export type ClaimedDelivery = Delivery & { readonly incident: IncidentSnapshot | null };

export interface Told {
  readonly eventId: string;
  readonly severity: string;
  readonly status: string;
  /** ISO 8601, of the incident. */
  readonly updatedAt: string;
}

export interface DeliveryFilter {
  readonly status?: readonly string[];
  readonly channel?: string;
  readonly incidentId?: string;
  readonly environmentId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

const COLUMNS = `
  d.id, d.event_id AS "eventId", d.event_type AS type, d.occurred_at AS "occurredAt", d.channel, d.target, d.destination,
  d.environment_id AS "environmentId", d.incident_id AS "incidentId", d.incident_number AS "incidentNumber", d.status,
  d.attempts, d.next_attempt_at AS "nextAttemptAt", d.give_up_at AS "giveUpAt", d.reason, d.detail,
  d.created_at AS "createdAt", d.finished_at AS "finishedAt"`;

/** What has to be told to whom. The rows are the truth; jobs only say that it is time to look at one. */
@Injectable()
export class DeliveryRepository {
  constructor(private readonly database: Database) {}

  /** One row per event and channel; those that exist already stay as they are. */
  async add(
    notification: Omit<Notification, 'deliveryId'>,
    channels: readonly Channel[],
    now: Date,
    giveUpAt: Date,
  ): Promise<void> {
    const { incident } = notification;
    await this.database.query(
      `INSERT INTO notifications_deliveries (id, event_id, event_type, occurred_at, environment_id, incident_id,
         incident_number, incident, next_attempt_at, created_at, give_up_at, channel, target, destination)
       SELECT wanted.id, $1, $2, $3, $4, $5, $6, $7, $8, $8, $9, wanted.channel, wanted.target, wanted.destination
       FROM unnest($10::uuid[], $11::text[], $12::text[], $13::text[]) AS wanted (id, channel, target, destination)
       ON CONFLICT (event_id, channel, target) DO NOTHING`,
      [
        notification.eventId,
        notification.type,
        notification.occurredAt,
        incident?.environmentId ?? null,
        incident?.incidentId ?? null,
        incident?.number ?? null,
        incident === null ? null : JSON.stringify(incident),
        now,
        giveUpAt,
        channels.map(() => newId(now.getTime())),
        channels.map((channel) => channel.name),
        channels.map((channel) => channel.target),
        channels.map((channel) => channel.destination),
      ],
    );
  }

  async ofEvent(eventId: string): Promise<Delivery[]> {
    return this.database.query(
      `SELECT ${COLUMNS} FROM notifications_deliveries d WHERE d.event_id = $1 ORDER BY d.id`,
      [eventId],
    );
  }

  /** The newest state of the incident that the channel was told of. */
  async lastTold(incidentId: string, channel: Channel): Promise<Told | undefined> {
    const [row] = await this.database.query<Told>(
      `SELECT d.event_id AS "eventId", d.incident->>'severity' AS severity, d.incident->>'status' AS status,
         d.incident->>'updatedAt' AS "updatedAt"
       FROM notifications_deliveries d WHERE d.incident_id = $1 AND d.channel = $2 AND d.target = $3
       ORDER BY d.incident->>'updatedAt' DESC, d.id DESC LIMIT 1`,
      [incidentId, channel.name, channel.target],
    );
    return row;
  }

  /**
   * Takes one try of a delivery, for as long as the lease lasts. Undefined where it is done, or where someone else
   * took this try: the count of attempts decides.
   */
  async claim(id: string, attempt: number, leaseUntil: Date): Promise<ClaimedDelivery | undefined> {
    const [row] = await this.database.query<ClaimedDelivery>(
      `UPDATE notifications_deliveries d SET attempts = $2, next_attempt_at = $3
       WHERE d.id = $1 AND d.status = 'pending' AND d.attempts = $2 - 1 RETURNING ${COLUMNS}, d.incident`,
      [id, attempt, leaseUntil],
    );
    return row;
  }

  async finish(
    id: string,
    status: 'delivered' | 'failed',
    now: Date,
    failure?: { readonly reason: FailureReason; readonly detail: string },
  ): Promise<void> {
    await this.database.query(
      `UPDATE notifications_deliveries SET status = $2, finished_at = $3, next_attempt_at = NULL, reason = $4, detail = $5
       WHERE id = $1 AND status = 'pending'`,
      [id, status, now, failure?.reason ?? null, failure?.detail ?? null],
    );
  }

  async postpone(
    id: string,
    until: Date,
    failure: { readonly reason: FailureReason; readonly detail: string },
  ): Promise<void> {
    await this.database.query(
      `UPDATE notifications_deliveries SET next_attempt_at = $2, reason = $3, detail = $4 WHERE id = $1 AND status = 'pending'`,
      [id, until, failure.reason, failure.detail],
    );
  }

  async due(before: Date, limit: number): Promise<{ readonly id: string; readonly attempts: number }[]> {
    return this.database.query(
      `SELECT id, attempts FROM notifications_deliveries WHERE status = 'pending' AND next_attempt_at <= $1
       ORDER BY next_attempt_at LIMIT $2`,
      [before, limit],
    );
  }

  async deleteFinishedBefore(before: Date): Promise<void> {
    await this.database.query('DELETE FROM notifications_deliveries WHERE finished_at < $1', [before]);
  }

  /** Newest first. */
  async page(filter: DeliveryFilter): Promise<Page<Delivery>> {
    const before = filter.cursor === undefined ? null : readCursor(filter.cursor, cursorKey)[0];
    const rows = await this.database.read<Delivery>(
      `SELECT ${COLUMNS} FROM notifications_deliveries d
       WHERE ($1::text[] IS NULL OR d.status = ANY($1)) AND ($2::text IS NULL OR d.channel = $2)
         AND ($3::uuid IS NULL OR d.incident_id = $3) AND ($4::uuid IS NULL OR d.environment_id = $4)
         AND ($5::uuid IS NULL OR d.id < $5)
       ORDER BY d.id DESC LIMIT $6`,
      [
        filter.status ?? null,
        filter.channel ?? null,
        filter.incidentId ?? null,
        filter.environmentId ?? null,
        before,
        filter.limit + 1,
      ],
    );
    const items = rows.slice(0, filter.limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > filter.limit && last ? encodeCursor([last.id]) : null };
  }
}
