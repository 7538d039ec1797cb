import { z } from 'zod';
import { LIMITS } from '../limits.js';
import { bytes, count, duration, flag, name, number, ratio, section, text } from './fields.js';
import { weightsSchema } from './load.schema.js';

const effects = {
  errorRatio: ratio('Requests that fail with 500, added.').prefault('0%'),
  latencyFactor: number('Work per request, times.', { min: 0.001, max: 1000 }).prefault(1),
  cpuFactor: number('CPU per request, times.', { min: 0.001, max: 1000 }).prefault(1),
  leakPerRequest: bytes('Bytes that each request leaks.', { min: 0, max: 1e9 }).prefault(0),
  crashAfter: duration('The process exits this long after its start; 0: it does not.', {
    bare: true,
    max: 86_400,
  }).prefault(0),
  neverReady: flag('The pods never become ready.').prefault(false),
  imageMissing: flag(
    'No registry has the image (a wrong tag): the pods wait in ErrImagePull and ImagePullBackOff.',
  ).prefault(false),
};

/** What can be done to the fleet: a key for each kind of change. */
export const actions = {
  deploy: section(
    { service: name('Service.'), version: text('New version.', { max: 60, example: '1.4.0' }), ...effects },
    'Rolls a version out. Without effects it is a good one.',
  ),
  rollback: name('Service that goes back to the version before.'),
  scale: section(
    { service: name('Service.'), replicas: count('Pods per cluster.', 0, 5000).meta({ examples: [6] }) },
    'Sets the replicas, as `kubectl scale`.',
  ),
  restart: name('Service whose pods are replaced, as `kubectl rollout restart`.'),
  load: section(
    {
      entry: name('Entry point. Left out: all.', 'shoppers').optional(),
      factor: number('Load times, from then on.', { min: 0, max: 10_000 }).meta({ samples: [1.5] }),
    },
    'Multiplies the load.',
  ),
  traffic: section(
    { entry: name('Entry point. Left out: all.', 'shoppers').optional(), weights: weightsSchema },
    'Share of users sent to each cluster, as load balancer or DNS weights.',
  ),
  promote: name('Service whose canary or green set takes over.'),
  abort: name('Service whose canary or green set is given up.'),
  failover: name('Database that fails over to a replica.', 'cart-db'),
} as const;

const optional = {
  deploy: actions.deploy.optional(),
  rollback: actions.rollback.optional(),
  scale: actions.scale.optional(),
  restart: actions.restart.optional(),
  load: actions.load.optional(),
  traffic: actions.traffic.optional(),
  promote: actions.promote.optional(),
  abort: actions.abort.optional(),
  failover: actions.failover.optional(),
};

function exactlyOne<T extends Readonly<Record<string, unknown>>>(value: T, context: z.core.ParsePayload<T>): T {
  const given = Object.keys(actions).filter((key) => value[key] !== undefined);
  if (given.length !== 1) {
    const message = `give exactly one of ${Object.keys(actions).join(', ')} per item`;
    context.issues.push({ code: 'custom', input: value, message });
  }
  return value;
}

export const changeSchema = section({
  at: duration('When, from the start of the run.', { bare: true, max: LIMITS.duration }),
  ...optional,
})
  .meta({
    description: 'What people and pipelines do to the fleet: `at` and one action.',
    minProperties: 2,
    maxProperties: 2,
  })
  .transform(exactlyOne);

/** As people and the API ask for it now: without `at`. */
export const changeNowSchema = section(optional).transform(exactlyOne);

export type RawChange = z.output<typeof changeNowSchema>;
