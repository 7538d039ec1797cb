import { z } from 'zod';
import { defineEvent } from '../../platform/events/define-event.js';

const environmentPayload = z.object({
  environmentId: z.string(),
  key: z.number().int(),
  name: z.string(),
  kind: z.enum(['simulated', 'host', 'live']),
});

export const EnvironmentCreated = defineEvent({
  type: 'environments.environment-created',
  version: 1,
  payload: environmentPayload,
});

export const EnvironmentChanged = defineEvent({
  type: 'environments.environment-changed',
  version: 1,
  payload: environmentPayload,
});

/** Published in the transaction that removes the environment; modules drop what they hold of it. */
export const EnvironmentDeleted = defineEvent({
  type: 'environments.environment-deleted',
  version: 1,
  payload: environmentPayload,
});
