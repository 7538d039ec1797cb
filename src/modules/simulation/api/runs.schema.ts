import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/http/paging.js';
import { sourceFields } from './scenarios.schema.js';
import { seedField, solverField } from './simulations.schema.js';

export const runId = z.uuid();

export const createRunRequest = z
  .strictObject({
    ...sourceFields,
    seed: seedField.optional().describe("Default: the scenario's"),
    solver: solverField.default('fluid'),
    hours: z.number().gt(0).optional().describe("Simulated time; default: the scenario's duration"),
  })
  .refine(({ scenario, text }) => (scenario === undefined) !== (text === undefined), {
    message: 'give either `scenario`, a name of the library, or `text`',
    path: ['scenario'],
  });

export const runSchema = z
  .object({
    id: z.string(),
    scenario: z.string(),
    title: z.string(),
    library: z.string().nullable(),
    overrides: z.array(z.object({ path: z.string(), value: z.string() })),
    seed: z.number().int(),
    solver: solverField,
    state: z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']),
    reason: z.string().nullable().describe('Why it failed'),
    passed: z.boolean().nullable().describe('Null: not finished, or an expectation could not be judged'),
    simulatedSeconds: z.number().int(),
    doneSeconds: z.number().int(),
    percent: z.number().min(0).max(100),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'SimulationRun' });

export const runPage = pageOf(runSchema);
export const runsQuery = pageQuery;

const verdict = z.enum(['pass', 'fail', 'unknown']);

/** What readers rely on; the report has more, described in docs/dsim.md. */
export const runReport = z
  .looseObject({
    version: z.number().int(),
    scenario: z.object({ name: z.string(), title: z.string(), teaches: z.string() }),
    run: z.looseObject({ seed: z.number(), solver: z.string(), start: z.string(), seconds: z.number() }),
    verdict,
    expectations: z.array(
      z.looseObject({
        kind: z.string(),
        title: z.string(),
        verdict,
        measured: z.number().nullable(),
        unit: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'RunReport' });
