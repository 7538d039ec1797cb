import { z } from 'zod';
import { bytes, cores, count } from '../schema/fields.js';

const quantities = z.looseObject({ cpu: cores('').optional(), memory: bytes('').optional() });
const intOrPercent = z.union([z.int().min(0), z.string().regex(/^\d+%$/)], {
  error: 'must be a number of pods or a percentage such as 25%',
});

const probe = z.looseObject({
  initialDelaySeconds: count('', 0, 86_400).default(0),
  periodSeconds: count('', 1, 86_400).default(10),
  successThreshold: count('', 1, 100).default(1),
  timeoutSeconds: count('', 1, 3600).default(1),
  failureThreshold: count('', 1, 100).default(3),
  httpGet: z.unknown().optional(),
  grpc: z.unknown().optional(),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  resources: z.looseObject({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  readinessProbe: probe.optional(),
});

/** The part of a Deployment that a simulation uses; the rest of a user's object is left alone. */
export const deploymentSchema = z.looseObject({
  apiVersion: z.literal('apps/v1', { error: 'must be apps/v1' }),
  metadata: z.looseObject({ name: z.string({ error: 'must be the name of the Deployment' }) }),
  spec: z.looseObject({
    replicas: count('', 0, 5000).optional(),
    strategy: z
      .looseObject({
        type: z.enum(['RollingUpdate', 'Recreate'], { error: 'must be RollingUpdate or Recreate' }).optional(),
        rollingUpdate: z
          .looseObject({ maxSurge: intOrPercent.optional(), maxUnavailable: intOrPercent.optional() })
          .nullish(),
      })
      .optional(),
    template: z.looseObject({
      spec: z.looseObject({
        terminationGracePeriodSeconds: count('', 0, 86_400).optional(),
        containers: z
          .array(container, { error: 'must be a list of containers' })
          .min(1, { error: 'needs at least one container' }),
      }),
    }),
  }),
});

export type RawDeployment = z.output<typeof deploymentSchema>;
