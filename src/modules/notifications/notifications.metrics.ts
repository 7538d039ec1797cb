import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import { Database } from '../../platform/database/database.js';
import { gaugeReadAtScrape } from '../../platform/observability/gauge-read-at-scrape.js';

export const ATTEMPTS_TOTAL = 'dsim_notifications_attempts_total';
export const DELIVERIES_TOTAL = 'dsim_notifications_deliveries_total';
export const DELIVERY_SECONDS = 'dsim_notifications_delivery_seconds';
export const RESENDS_TOTAL = 'dsim_notifications_resends_total';
export const PENDING_DELIVERIES = 'dsim_notifications_pending_deliveries';

/** Counted in the database at scrape time: every process says the same. */
const pendingDeliveries = gaugeReadAtScrape({
  name: PENDING_DELIVERIES,
  help: 'Deliveries that have not succeeded and have not been given up. Use max() over processes',
  source: Database,
  read: async (database) => {
    const [row] = await database.read<{ count: number }>(
      `SELECT count(*)::int AS count FROM notifications_deliveries WHERE status = 'pending'`,
    );
    return [{ labels: {}, value: row!.count }];
  },
});

export const deliveryMetrics = [
  pendingDeliveries,
  makeCounterProvider({
    name: ATTEMPTS_TOTAL,
    help: 'Tries to deliver, by channel, outcome and reason of failure',
    labelNames: ['channel', 'outcome', 'reason'],
  }),
  makeCounterProvider({
    name: DELIVERIES_TOTAL,
    help: 'Finished deliveries by channel and status (delivered, failed)',
    labelNames: ['channel', 'status'],
  }),
  makeHistogramProvider({
    name: DELIVERY_SECONDS,
    help: 'From the event to its successful delivery',
    labelNames: ['channel'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200],
  }),
  makeCounterProvider({
    name: RESENDS_TOTAL,
    help: 'Periodic sends of alerts to Alertmanagers, by outcome and reason of failure',
    labelNames: ['outcome', 'reason'],
  }),
];
