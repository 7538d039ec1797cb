import { z } from 'zod';
import type { AbsoluteOrShare, RolloutSpec } from '../component.types.js';
import { LIMITS } from '../limits.js';
import { parseRatio } from '../units/quantity.js';
import { kindMessage } from './advice.js';
import { callStages } from './call.schema.js';
import { bytes, cores, count, duration, list, name, named, ratio, section, text } from './fields.js';
import { ratioForms, without } from './forms.js';
import { work } from './work.schema.js';

const route = z
  .string({ error: 'must be a method and a route, for example GET /orders/{id}' })
  .regex(/^([A-Z]+ )?\S{1,200}$/, { error: 'must be a method and a route, for example GET /orders/{id}' })
  .meta({
    description:
      'HTTP method and route template, the labels of its metrics. Left out: `GET /` and the name of the operation.',
    examples: ['GET /orders/{id}'],
  });

const behaviour = {
  route: route.optional(),
  work: work('Time of work per request, without waiting and without the calls.'),
  cpu: duration('CPU time per request. Left out: all of the work.', { max: 86_400 }).optional(),
  clientErrors: ratio('Share answered with 404, which is a success to us.').prefault('0%'),
  errors: ratio('Share answered with 500 in the best of times.').prefault('0%'),
  calls: callStages.default([]),
};

export const operationSchema = section(behaviour, 'One thing that a service can be asked for.');

const resourceList = section({
  cpu: cores('CPU.', { above: 0, max: 1024 }).optional(),
  memory: bytes('Memory.', { above: 0, max: 2 ** 50 }).optional(),
});

const PODS = [{ type: 'integer', minimum: 0 }, ratioForms({ min: 0, max: 1 })[0]];

const absoluteOrShare = (description: string) =>
  z
    .union([z.int(), z.string()], { error: 'must be a number of pods or a percentage such as 25%' })
    .meta({ description, unit: 'number or share', examples: ['25%', 1], forms: PODS })
    .transform((input, context): AbsoluteOrShare => {
      const share = typeof input === 'string' ? parseRatio(input) : undefined;
      if (typeof input === 'number' && input >= 0) return { pods: input };
      if (share !== undefined && share >= 0 && share <= 1) return { share };
      context.issues.push({ code: 'custom', input, message: 'must be a number of pods or a percentage such as 25%' });
      return z.NEVER;
    });

const rollout = z
  .discriminatedUnion(
    'strategy',
    [
      section({
        strategy: z.literal('rolling').describe('A few pods at a time.'),
        maxSurge: absoluteOrShare('Pods above the replicas.').prefault('25%'),
        maxUnavailable: absoluteOrShare('Pods that may be missing.').prefault('25%'),
      }),
      section({ strategy: z.literal('recreate').describe('All old pods go before new ones come.') }),
      section({
        strategy: z.literal('canary').describe('A share of the requests first.'),
        steps: list(
          section({
            weight: ratio('Share of the requests that the new version gets.'),
            pause: duration('How long, before the next step.', { bare: true, max: LIMITS.duration }).prefault('5m'),
          }),
          'Steps; after the last the new version takes over.',
          50,
          1,
        ),
      }),
      section({
        strategy: z.literal('blue-green').describe('A full second set, then a switch.'),
        promoteAfter: duration('From ready to the switch; none: by hand (`promote`).', {
          bare: true,
          none: true,
          max: LIMITS.duration,
        }).prefault('none'),
      }),
    ],
    { error: kindMessage('strategy', ['rolling', 'recreate', 'canary', 'blue-green']) },
  )
  .describe('How a new version replaces the old one. Left out: rolling, 25% surge, 25% unavailable.')
  .transform((value): RolloutSpec => value);

const startup = section(
  {
    pull: duration('Image pull on a node that does not have the image yet.', { bare: true, max: 86_400 })
      .meta({ otherwise: '5s' })
      .optional(),
    start: duration('Process start until it could answer a readiness probe.', { bare: true, max: 86_400 })
      .meta({ otherwise: '5s' })
      .optional(),
    ready: duration('From then until the readiness probe has succeeded.', { bare: true, max: 86_400 })
      .meta({ otherwise: '5s' })
      .optional(),
  },
  'Phases of the start of a pod.',
);

/** The defaults are those of Kubernetes (Probe v1). */
const readiness = section(
  {
    period: duration('Between probes of a pod.', { bare: true, above: 0, max: 86_400 }).prefault('10s'),
    timeout: duration('After which an answer is too late.', { bare: true, above: 0, max: 3600 }).prefault('1s'),
    failureThreshold: count('Failures in a row after which the pod gets no more requests.', 1, 100).prefault(3),
    successThreshold: count('Successes in a row after which it gets requests again.', 1, 100).prefault(1),
  },
  'A readiness probe that waits in line with the requests, so that overload makes pods unready. Left out: it is answered however busy a pod is.',
);

export const serviceSchema = section(
  {
    clusters: list(
      name('Name of a cluster.', 'eu-1'),
      'Clusters that run it, each its own Deployment. Left out: all.',
      LIMITS.clusters,
      1,
    ).optional(),
    replicas: count('Pods per cluster at the start.', 0, 5000).meta({ default: 2 }).optional(),
    version: text('Version at the start.', { max: 60, example: '1.4.0' }).meta({ default: '1.0.0' }).optional(),
    resources: section(
      {
        requests: resourceList.describe('What the scheduler sets aside.').optional(),
        limits: resourceList.describe('What the container gets at most.').optional(),
      },
      'Of the container, as in Kubernetes: with requests only there are no limits, with limits only the requests are the same. Left out: requests 500m and 256Mi, limits 1 and 512Mi.',
    ).optional(),
    startup: startup.optional(),
    readiness: readiness.optional(),
    concurrency: count('Requests that a pod holds at once, waiting for dependencies included.', 1, 1e6).prefault(64),
    parallelism: count(
      'Requests that a pod works on at once (threads). Left out: as many as `concurrency`; CPU bounds it anyway.',
      1,
      1e6,
    )
      .meta({ examples: [8] })
      .optional(),
    queueLimit: count('Requests that wait in a pod for a free place; more are refused with 503.', 0, 1e6).prefault(100),
    memory: section(
      {
        base: bytes('Memory of an idle pod. Left out: half of the request.').optional(),
        perRequest: bytes('Memory of a request while it is in the pod.').prefault('256Ki'),
      },
      'What a pod uses.',
    ).prefault({}),
    idleCpu: cores('CPU that an idle pod uses.').prefault('10m'),
    rollout: rollout.optional(),
    loadShedding: duration('Refuses part of the arrivals while the queueing time is above this. Left out: off.', {
      above: 0,
      max: 3600,
    }).optional(),
    consumes: z
      .union([
        name('Name of the queue.', 'orders'),
        section({
          queue: name('Name of the queue.', 'orders'),
          operation: name('Operation that handles a message.', 'handle').optional(),
        }),
      ])
      .describe('Queue whose messages it takes, instead of requests from the network.')
      .optional(),
    certificateExpires: duration('From the start until its TLS certificate expires. Left out: renewed in time.', {
      bare: true,
      max: LIMITS.duration * 10,
    }).optional(),
    terminationGrace: duration('Time that a pod has to finish its requests when it is stopped.', {
      bare: true,
      max: 86_400,
    })
      .meta({ otherwise: '30s' })
      .optional(),
    operations: named(operationSchema, 'What it can be asked for, by name.', LIMITS.operationsPerService).optional(),
    ...behaviour,
    work: behaviour.work
      .describe('Short for a single operation called `request`: its work, and beside it `calls`, `route`, `cpu`...')
      .optional(),
    clientErrors: behaviour.clientErrors.unwrap().optional(),
    errors: behaviour.errors.unwrap().optional(),
    calls: callStages.optional(),
  },
  'A Deployment in each of its clusters.',
).meta({ dependentSchemas: { operations: without(...Object.keys(behaviour)) } });

export type RawService = z.output<typeof serviceSchema>;
export type RawOperation = z.output<typeof operationSchema>;
