import { z } from 'zod';
import { pageOf, pageQuery } from '../../platform/http/paging.js';
import { oneLine } from '../../platform/http/text.js';
import { FAILURE_REASONS } from './channels/notifier.js';
import { DELIVERY_STATUSES } from './deliveries/delivery.repository.js';

export const deliveriesQuery = pageQuery.extend({
  status: z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(',').map((value) => value.trim()) : given),
      z.array(z.enum(DELIVERY_STATUSES)).min(1).max(DELIVERY_STATUSES.length),
    )
    .optional()
    .describe('One or several, separated by commas'),
  channel: oneLine(z.string().max(64)).optional(),
  incidentId: z.uuid().optional(),
  environmentId: z.uuid().optional(),
});

export const channelName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a channel, as in webhook');

const channel = z.object({
  name: z.string(),
  destination: z.string().describe('Scheme, host and port; paths may hold secrets'),
});

export const channelList = z.object({ items: z.array(channel) });

export const deliveryView = z
  .object({
    id: z.string().describe('Sent as X-Dsim-Delivery; the same on every try'),
    eventId: z.string(),
    type: z.string(),
    occurredAt: z.iso.datetime(),
    channel: z.string(),
    destination: z.string(),
    environmentId: z.string().nullable(),
    incidentId: z.string().nullable(),
    incidentNumber: z.number().int().nullable(),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z.number().int(),
    nextAttemptAt: z.iso.datetime().nullable(),
    reason: z.enum(FAILURE_REASONS).nullable().describe('Why the last try failed'),
    detail: z.string().nullable(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'NotificationDelivery' });

export const deliveryPage = pageOf(deliveryView);
export const testResult = z.object({ deliveries: z.array(deliveryView) });

export type DeliveryView = z.output<typeof deliveryView>;
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;
