import { z } from 'zod';
import { LIMITS } from '../limits.js';
import { LANGUAGE_VERSION, versionProblem } from '../units/language-version.js';
import { changeSchema } from './change.schema.js';
import { expectationSchema } from './expectation.schema.js';
import { faultSchema } from './fault.schema.js';
import { choice, count, duration, list, name, named, ratio, section, text } from './fields.js';
import { entrySchema } from './load.schema.js';
import { platformSchema } from './platform.schema.js';
import { serviceSchema } from './service.schema.js';
import { storeSchema } from './store.schema.js';

/** Buckets of the Prometheus client libraries, seconds. */
const BUCKETS = ['5ms', '10ms', '25ms', '50ms', '100ms', '250ms', '500ms', '1s', '2500ms', '5s', '10s'];

export const telemetrySchema = section(
  {
    scrapeInterval: duration('Between scrapes, whole seconds.', { bare: true, min: 1, max: 3600 })
      .refine((value) => Number.isInteger(value), { error: 'must be whole seconds' })
      .prefault('15s'),
    durationBuckets: list(
      duration('Upper bound.', { above: 0, max: 86_400 }),
      'Upper bounds of request duration buckets, ascending, without +Inf.',
      50,
      1,
    )
      .refine((bounds) => bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!), {
        error: 'must ascend',
      })
      .prefault(BUCKETS),
    namespace: name('Label `namespace` of workloads.').prefault('default'),
    logSampleRatio: ratio('Share of requests that write a log line; errors always do.').prefault('0.1%'),
  },
  'What monitoring sees, and how often.',
);

const SIGNALS = [
  'request-rate',
  'request-rate-per-pod',
  'in-flight-per-pod',
  'latency-p99',
  'error-ratio',
  'consumer-lag',
] as const;

export const signalSchema = z
  .union([
    z.number().meta({ description: 'Always this number.', examples: [100] }),
    z.string().meta({
      description: '`request-rate of cart`, `consumer-lag of orders`; without `of`: of the service that is scaled.',
      examples: ['request-rate-per-pod of cart', 'consumer-lag of orders'],
      pattern: `^(${SIGNALS.join('|')})(\\s+of\\s+[a-z][a-z0-9-]*)?\\s*$`,
    }),
    section({
      signal: choice('Which number of the fleet; `constant`: the `value`.', [...SIGNALS, 'constant']),
      service: name('Of which service. Left out: the one that is scaled.').optional(),
      queue: name('Of which queue (`consumer-lag`).', 'orders').optional(),
      value: z
        .number({ error: 'must be a number' })
        .meta({ description: 'Of `constant`.', examples: [100] })
        .optional(),
    }),
  ])
  .describe('Where a metric of an autoscaler finds its value.');

export type RawSignal = z.output<typeof signalSchema>;

export const sloSchema = section(
  {
    name: name('Unique; `expect` uses it.', 'home-fast'),
    entry: name('Entry point.', 'shoppers'),
    objective: ratio('Share of requests that must be good.', { above: 0, max: 0.999999999 }).meta({
      samples: ['99.9%', 0.999],
    }),
    latency: duration('A request is good only if answered within this; none: errors count alone.', {
      above: 0,
      none: true,
      max: 86_400,
    }).prefault('none'),
  },
  'What users are promised.',
);

const pasted = z
  .looseObject({
    apiVersion: z
      .string({ error: 'must be the version of the object, for example autoscaling/v2' })
      .meta({ description: 'Group and version.', examples: ['autoscaling/v2', 'keda.sh/v1alpha1', 'apps/v1'] }),
    kind: z.string({ error: 'must be the kind of the object, for example HorizontalPodAutoscaler' }).meta({
      description: 'Kind of the object.',
      examples: ['HorizontalPodAutoscaler', 'ScaledObject', 'Deployment', 'List'],
    }),
  })
  .describe('A Kubernetes object, unchanged: HorizontalPodAutoscaler, ScaledObject, Deployment, or a List of them.');
const clusters = list(
  name('Name of a cluster.', 'eu-1'),
  'Only in these clusters. Left out: all of the service.',
  LIMITS.clusters,
  1,
).optional();

export const kubernetesSchema = z.union([
  section({
    file: text('Manifest; other kinds of objects in it are left alone.', { max: 500, example: './cart.yaml' }),
    clusters,
  }),
  section({ objects: list(pasted, 'Objects.', LIMITS.kubernetesObjects), clusters }),
  pasted,
]);

/** Single values at the top. */
export const headSchema = {
  dsim: z
    .literal(LANGUAGE_VERSION, { error: ({ input }) => versionProblem(input) ?? '' })
    .describe('Version of the language.'),
  name: name('Names the files of a run. Left out: the name of the file.', 'slow-database').optional(),
  title: text('One line. Left out: the name.', { max: 200, example: 'The cart waits for its database' }).optional(),
  teaches: text('What the scenario teaches: a paragraph.', {
    max: 5000,
    example: 'A slow database does not fail: it fills up the pods.',
  }).optional(),
  start: text('ISO 8601 date and time; without offset it is wall clock of `timeZone`.', {
    max: 40,
    example: '2026-01-05T08:00',
  }).prefault('2026-01-05'),
  duration: duration('Simulated time.', { bare: true, min: 1, max: LIMITS.duration }).prefault('24h'),
  seed: count('The same seed gives the same bytes.', 0, 2 ** 32 - 1).prefault(42),
  timeZone: text('IANA name; days and weeks of the load follow its wall clock.', {
    max: 60,
    example: 'Europe/Berlin',
  }).prefault('UTC'),
} as const;

/** The whole language, for the JSON Schema; the parser reads section by section. */
export const scenarioSchema = section(
  {
    ...headSchema,
    include: z
      .union([
        text('Path of a file.', { example: './fleet.yaml' }),
        list(text('Path of a file.', { example: './fleet.yaml' }), 'Paths.', LIMITS.files),
      ])
      .describe(
        'Scenarios underneath this one. Mappings merge by key, this file wins; faults, changes, expect, kubernetes and slos are appended, other lists replaced.',
      )
      .optional(),
    telemetry: telemetrySchema.optional(),
    platform: platformSchema.optional(),
    services: named(serviceSchema, 'Services by name.', LIMITS.services).optional(),
    stores: named(storeSchema, 'Databases, caches, queues and external services by name.', LIMITS.stores).optional(),
    load: named(entrySchema, 'Entry points by name.', LIMITS.entryPoints).optional(),
    kubernetes: list(kubernetesSchema, 'Your own Kubernetes objects, unchanged.', LIMITS.kubernetesObjects).optional(),
    signals: z
      .record(z.string().max(5000), signalSchema)
      .describe('Values of the metrics that autoscalers ask for, by metric name, query, URL or name of the trigger.')
      .optional(),
    faults: list(faultSchema, 'What goes wrong.', LIMITS.faults).optional(),
    changes: list(changeSchema, 'What people and pipelines do.', LIMITS.changes).optional(),
    slos: list(sloSchema, 'What users are promised.', LIMITS.slos).optional(),
    expect: list(expectationSchema, 'What must hold at the end.', LIMITS.expectations).optional(),
  },
  'A scenario of DevOps Simulator.',
);
