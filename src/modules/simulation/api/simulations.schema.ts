import { z } from 'zod';
import { FAULT_KINDS, type FaultKind } from '../../../engine/scenario/fault.types.js';
import { pageOf, pageQuery } from '../../../platform/http/paging.js';
import { oneLine } from '../../../platform/http/text.js';
import { sourceFields } from './scenarios.schema.js';

const SOLVERS = ['fluid', 'discrete-event'] as const;
const slug = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'use lower-case letters and digits, words joined by single hyphens');
const component = z.string().min(1).max(200);
const speed = z.number().min(0.1).max(600);

export const environmentId = z.uuid();

export const seedField = z.number().int().min(0).max(4_294_967_295);
export const solverField = z.enum(SOLVERS);

export const createSimulationRequest = z
  .strictObject({
    ...sourceFields,
    name: oneLine(z.string().trim().min(1).max(100)).optional().describe('Of the environment; default: the title'),
    slug: slug.optional().describe('Of the environment; made from the name where left out'),
    seed: seedField.optional().describe("Default: the scenario's"),
    solver: solverField.default('fluid'),
    speed: speed.default(1).describe('Simulated seconds per second'),
    catchUp: z
      .boolean()
      .default(true)
      .describe('At speed 1: event time follows the clock, and makes up for time in which nothing ran'),
    start: z
      .enum(['now', 'scenario'])
      .default('now')
      .describe("Event time of the first second: the present, or the scenario's own `start`"),
    historyHours: z
      .number()
      .min(0)
      .max(8_784)
      .default(0)
      .describe('Back-dates the start by so many hours; they are simulated as fast as it goes'),
    paused: z.boolean().default(false),
    series: z
      .array(z.string().min(1).max(2_000))
      .max(50)
      .default([])
      .describe('Selectors of the series that are stored, all where empty; a scrape always gets all'),
    tickSeconds: z.number().int().min(1).max(3_600).optional().describe('How often detectors look at new samples'),
    retentionDays: z.number().int().min(1).max(3_650).optional(),
    maxSeries: z.number().int().min(1).max(10_000_000).optional(),
  })
  .refine(({ scenario, text }) => (scenario === undefined) !== (text === undefined), {
    message: 'give either `scenario`, a name of the library, or `text`',
    path: ['scenario'],
  });

export const changeSimulationRequest = z
  .strictObject({ speed: speed.optional(), paused: z.boolean().optional(), catchUp: z.boolean().optional() })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), {
    message: 'name at least one of speed, paused, catchUp',
  });

export const stepRequest = z.strictObject({
  seconds: z.number().int().min(1).max(604_800).describe('Simulated seconds to go on, as fast as it goes'),
});

const place = {
  service: component.optional(),
  store: component.optional(),
  cluster: component.optional(),
  region: component.optional(),
  zone: component.optional(),
  cloud: component.optional(),
  node: component.optional(),
};

export const injectFaultRequest = z.strictObject({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'use lower-case letters and digits, words joined by single hyphens')
    .optional()
    .describe('Unique in the simulation; made from the kind where left out'),
  kind: z.enum(Object.keys(FAULT_KINDS) as [FaultKind, ...FaultKind[]]),
  target: z
    .strictObject({
      ...place,
      version: component.optional(),
      entryPoint: component.optional(),
      to: z.strictObject(place).optional().describe('The other end of a fault of the network'),
      share: z.number().gt(0).max(1).optional().describe('Of the pods or nodes that match; default all'),
    })
    .default({}),
  durationSeconds: z
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .nullable()
    .default(null)
    .describe('Null: until it is cleared'),
  rampSeconds: z.number().int().min(0).max(31_536_000).default(0).describe('Until it has its full intensity'),
  intensity: z.number().gt(0).max(1).default(1),
  settings: z.record(z.string(), z.number()).default({}).describe('See GET /faults; defaults where left out'),
});

const effects = z
  .strictObject({
    errorRatio: z.number().min(0).max(1).default(0),
    latencyFactor: z.number().min(0.01).max(1_000).default(1),
    cpuFactor: z.number().min(0.01).max(1_000).default(1),
    leakPerRequest: z.number().min(0).max(1e9).default(0).describe('Bytes'),
    crashAfter: z.number().min(0).max(86_400).default(0).describe('Seconds; 0: it does not'),
    neverReady: z.boolean().default(false),
    imageMissing: z.boolean().default(false).describe('No registry has it: its pods wait in ImagePullBackOff'),
  })
  .prefault({});

export const changeRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deploy'), service: component, version: z.string().min(1).max(100), effects }),
  z.strictObject({ kind: z.literal('rollback'), service: component }),
  z.strictObject({ kind: z.literal('scale'), service: component, replicas: z.number().int().min(0).max(10_000) }),
  z.strictObject({ kind: z.literal('restart'), service: component }),
  z.strictObject({
    kind: z.literal('load'),
    entryPoint: component.nullable().default(null).describe('Null: all'),
    factor: z.number().min(0).max(1_000).describe('Of the load as the scenario has it, from now on'),
  }),
  z.strictObject({
    kind: z.literal('traffic'),
    entryPoint: component.nullable().default(null).describe('Null: all'),
    weights: z.record(component, z.number().min(0).max(1_000)).describe('By cluster'),
  }),
  z.strictObject({ kind: z.literal('promote'), service: component }),
  z.strictObject({ kind: z.literal('abort'), service: component }),
  z.strictObject({ kind: z.literal('failover'), store: component }),
]);

const ratio = z.number().nullable();
const nullableNumber = z.number().nullable();

export const statusSchema = z
  .object({
    step: z.number().int(),
    faults: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        where: z.string(),
        level: z.number().describe('Share of its full intensity that it has now'),
        since: z.number().describe('Simulated seconds from the start'),
        until: nullableNumber.describe('Null: until it is cleared'),
      }),
    ),
    services: z.array(
      z.object({
        name: z.string(),
        cluster: z.string(),
        version: z.string(),
        updating: z.string().nullable().describe('The version that is being rolled out'),
        ready: z.number().int(),
        pods: z.number().int(),
        desired: z.number().int(),
        restarts: z.number().int(),
        bounds: z.object({ min: z.number(), max: z.number() }).nullable().describe('Of its autoscaler'),
        cpuCores: nullableNumber,
        cpuOfRequest: ratio,
        requestRate: nullableNumber.describe('Per second, over the last 30 to 60 seconds'),
        errorRatio: ratio,
        p99: nullableNumber.describe('Seconds'),
      }),
    ),
    stores: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['database', 'cache', 'queue', 'external']),
        up: z.boolean(),
        requestRate: nullableNumber,
        errorRatio: ratio,
        p99: nullableNumber,
        detail: z.string(),
      }),
    ),
    entryPoints: z.array(
      z.object({
        name: z.string(),
        requestRate: nullableNumber,
        errorRatio: ratio,
        p50: nullableNumber,
        p99: nullableNumber,
      }),
    ),
    slos: z.array(
      z.object({
        name: z.string(),
        entryPoint: z.string(),
        objective: z.number(),
        latency: nullableNumber.describe('Seconds; null: errors count alone'),
        good: z.number(),
        bad: z.number(),
        budgetSpent: nullableNumber.describe('Share of the error budget of the time since the start'),
        harmedNow: z.boolean(),
      }),
    ),
    account: z.object({
      cost: z.number().describe('US dollars for nodes since the start'),
      costPerHour: nullableNumber,
      nodes: z.number().int(),
      pods: z.number().int(),
      restarts: z.number().int(),
      oomKills: z.number().int(),
      unschedulablePods: z.number().int(),
    }),
    vocabulary: z.object({
      clusters: z.array(z.string()),
      regions: z.array(z.string()),
      zones: z.array(z.string()),
      clouds: z.array(z.string()),
      nodes: z.array(z.string()),
    }),
  })
  .meta({ id: 'SimulationStatus' });

export const simulationSummary = z
  .object({
    environmentId: z.string(),
    name: z.string(),
    slug: z.string(),
    scenario: z.string(),
    title: z.string(),
    teaches: z.string(),
    library: z.string().nullable().describe('Name in the library; null where a text was sent'),
    state: z.enum(['running', 'paused', 'failed']),
    reason: z.string().nullable().describe('Why it stands still, where it was not asked to'),
    seed: z.number().int(),
    solver: solverField,
    speed: z.number(),
    catchUp: z.boolean(),
    startedAt: z.iso.datetime().describe('Event time of the first second'),
    eventTime: z.iso.datetime().describe('How far it is'),
    simulatedSeconds: z.number().int(),
    behindSeconds: z.number().int().describe('Simulated seconds that it should be further'),
    historySeconds: z.number().int().describe('Its history; detectors begin after it'),
    historyDone: z.number().min(0).max(1),
    activeFaults: z.number().int().nullable(),
    requestRate: nullableNumber.describe("Users' requests per second"),
    errorRatio: ratio,
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'SimulationSummary' });

export const simulationPage = pageOf(simulationSummary);

export const interventionSchema = z.object({
  id: z.number().int(),
  kind: z.enum(['inject-fault', 'clear-fault', 'change']),
  text: z.string().describe('What was asked for'),
  actor: z.string().nullable(),
  requestedAt: z.iso.datetime(),
  eventTime: z.iso.datetime().nullable().describe('When it acted; null: it waits for the next batch'),
  refusal: z.string().nullable().describe('Why it did nothing'),
});

export const simulationDetail = simulationSummary
  .extend({
    status: statusSchema.nullable().describe('Null before the first batch'),
    interventions: z.array(interventionSchema).describe('Newest first, at most 100'),
  })
  .meta({ id: 'SimulationDetail' });

export const acceptedIntervention = z
  .object({ id: z.number().int(), fault: z.string().nullable().describe('Name of the fault, where it is one') })
  .meta({ id: 'AcceptedIntervention' });

export const simulationsQuery = pageQuery;

export const deleteSimulationQuery = z.object({
  confirm: z.string().max(63).optional().describe('The slug, to show that it is meant'),
});

const harm = z.object({
  slo: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime().nullable(),
  bad: z.number(),
  total: z.number(),
});

export const groundTruth = z
  .object({
    eventTime: z.iso.datetime(),
    faults: z
      .array(
        z.object({
          name: z.string(),
          kind: z.string(),
          where: z.string(),
          from: z.iso.datetime(),
          to: z.iso.datetime().nullable().describe('Null: not over'),
          harmedAt: z.iso.datetime().nullable().describe('When users were first harmed by it'),
          recoveredAt: z.iso.datetime().nullable(),
        }),
      )
      .describe('Which fault was active where and when'),
    planned: z
      .array(z.object({ name: z.string(), kind: z.string(), where: z.string(), from: z.iso.datetime() }))
      .describe('Faults that are still to come'),
    harms: z.array(harm).describe('When users were harmed'),
  })
  .meta({ id: 'GroundTruth' });
