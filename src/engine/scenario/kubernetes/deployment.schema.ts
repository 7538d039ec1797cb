import { z } from 'zod';
import { bytes, cores, count } from '../schema/fields.js';

const AMOUNT = 'must be a number of pods or a percentage such as 25%';

function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.looseObject(shape, { error: 'must be a mapping' });
}

const quantities = mapping({ cpu: cores('').optional(), memory: bytes('').optional() });
const intOrPercent = z.union(
  [z.int({ error: AMOUNT }).min(0, { error: AMOUNT }), z.string().regex(/^\d+%$/, { error: AMOUNT })],
  {
    error: AMOUNT,
  },
);

const probe = mapping({
  initialDelaySeconds: count('', 0, 86_400).default(0),
  periodSeconds: count('', 1, 86_400).default(10),
  successThreshold: count('', 1, 100).default(1),
  timeoutSeconds: count('', 1, 3600).default(1),
  failureThreshold: count('', 1, 100).default(3),
  httpGet: z.unknown().optional(),
  grpc: z.unknown().optional(),
});

const container = mapping({
  name: z.string({ error: 'must be the name of the container' }),
  image: z.string({ error: 'must be the name of an image' }).optional(),
  resources: mapping({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  readinessProbe: probe.optional(),
});

/** The part of a Deployment that a simulation uses; the rest of a user's object is left alone. */
export const deploymentSchema = mapping({
  apiVersion: z.literal('apps/v1', { error: 'must be apps/v1' }),
  metadata: mapping({ name: z.string({ error: 'must be the name of the Deployment' }) }),
  spec: mapping({
    replicas: count('', 0, 5000).optional(),
    strategy: z
      .looseObject({
        type: z.enum(['RollingUpdate', 'Recreate'], { error: 'must be RollingUpdate or Recreate' }).optional(),
        rollingUpdate: z
          .looseObject({ maxSurge: intOrPercent.optional(), maxUnavailable: intOrPercent.optional() })
          .nullish(),
      })
      .optional(),
    template: mapping({
      spec: mapping({
        terminationGracePeriodSeconds: count('', 0, 86_400).optional(),
        containers: z
          .array(container, { error: 'must be a list of containers' })
          .min(1, { error: 'needs at least one container' }),
      }),
    }),
  }),
});

export type RawDeployment = z.output<typeof deploymentSchema>;
