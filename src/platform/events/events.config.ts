import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

export const eventsConfig = defineConfig({
  key: 'events',
  title: 'Events',
  description: 'Delivery of events between modules, through an outbox in PostgreSQL.',
  schema: z.object({
    pollMs: z
      .number()
      .int()
      .min(10)
      .max(60_000)
      .default(250)
      .describe('How often an idle worker, or a live view, looks for new events.'),
    retentionHours: z.number().min(0.1).max(8_760).default(72).describe('How long delivered events are kept.'),
  }),
});

export type EventsConfig = ConfigOf<typeof eventsConfig>;
