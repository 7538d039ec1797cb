import { z } from 'zod';

export const scenarioName = z.string().min(1).max(100);

export const overridesField = z
  .array(
    z.strictObject({
      path: z.string().min(1).max(500).describe('`services.cart.replicas`'),
      value: z.string().max(10_000).describe('YAML: `5`, `10m`, `[a, b]`'),
    }),
  )
  .max(100)
  .optional()
  .describe('Set after includes and before validation, as `dsim run --set path=value` does');

export const sourceFields = {
  scenario: scenarioName.optional().describe('Name of a scenario of the library; or give `text`'),
  text: z.string().min(1).optional().describe('A scenario as YAML; it may include files of the library'),
  overrides: overridesField,
};

const counts = {
  services: z.number().int(),
  stores: z.number().int(),
  clusters: z.number().int(),
  pods: z.number().int().describe('At the start'),
  faults: z.number().int().describe('Planned ones'),
  changes: z.number().int().describe('Planned ones'),
};

export const scenarioSummary = z
  .object({
    name: z.string(),
    title: z.string(),
    teaches: z.string(),
    start: z.iso.datetime(),
    durationSeconds: z.number(),
    ...counts,
  })
  .meta({ id: 'ScenarioSummary' });

export const scenarioList = z.object({ items: z.array(scenarioSummary) });

export const scenarioDetail = scenarioSummary
  .extend({ text: z.string().describe('As written, before includes') })
  .meta({ id: 'ScenarioDetail' });

export const validatedScenario = scenarioSummary
  .extend({
    notes: z
      .array(
        z.object({
          path: z.string().describe('`kubernetes[0].spec.minReadySeconds`'),
          message: z.string(),
          file: z.string(),
          line: z.number().int(),
          column: z.number().int(),
        }),
      )
      .describe('What is written and has no effect'),
  })
  .meta({ id: 'ValidatedScenario' });

export const validateRequest = z.strictObject({ text: z.string().min(1), overrides: overridesField });

export const faultVocabulary = z
  .object({
    items: z.array(
      z.object({
        kind: z.string(),
        title: z.string(),
        description: z.string(),
        targets: z.array(z.string()).describe('What it can act on'),
        settings: z.array(
          z.object({
            name: z.string(),
            unit: z.string(),
            default: z.number(),
            min: z.number(),
            max: z.number(),
            scaled: z.boolean().describe('The intensity scales it'),
            description: z.string(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'FaultVocabulary' });
