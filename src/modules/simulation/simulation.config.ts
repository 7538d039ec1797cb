import { z } from 'zod';
import { type ConfigOf, defineConfig } from '../../platform/config/define-config.js';

export const simulationConfig = defineConfig({
  key: 'simulation',
  title: 'Simulation',
  description: 'Simulated environments, batch runs and the library of scenarios.',
  schema: z.object({
    scenariosDir: z
      .string()
      .min(1)
      .default('scenarios')
      .describe('Folder with the library of scenarios. A relative path starts at the project folder.'),
    tickMs: z
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(1_000)
      .describe('How often a running simulation advances, in milliseconds'),
    batchMs: z
      .number()
      .int()
      .min(50)
      .max(10_000)
      .default(500)
      .describe('Longest that a simulation which is behind computes before others have their turn, in milliseconds'),
    snapshotSeconds: z
      .number()
      .int()
      .min(1)
      .max(3_600)
      .default(60)
      .describe(
        'Longest time between two snapshots of a simulation; a restart computes again what came after the last',
      ),
    maxSimulations: z.number().int().min(1).max(1_000).default(25).describe('Simulated environments at the same time'),
    maxPods: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(10_000)
      .describe('Pods that a fleet may come to, with all its autoscalers at their maxima'),
    maxNodes: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(1_000)
      .describe('Nodes that a fleet may come to, with all its node pools at their maxima'),
    maxScenarioBytes: z
      .number()
      .int()
      .min(1_024)
      .max(4_194_304)
      .default(524_288)
      .describe('Longest scenario text that is accepted'),
    maxRunHours: z
      .number()
      .min(0.01)
      .max(8_784)
      .default(744)
      .describe('Longest simulated time of a batch run, in hours'),
    keepRunsDays: z.number().int().min(1).max(3_650).default(90).describe('How long reports of batch runs are kept'),
    demo: z
      .object({
        enabled: z.boolean().default(false).describe('Creates the demo environment at the first start'),
        scenario: z.string().min(1).default('demo').describe('Scenario of the library that it runs'),
        slug: z
          .string()
          .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a slug: lower-case letters, digits and inner hyphens')
          .default('shop-demo')
          .describe('Slug of its environment; one that exists is left alone'),
        historyHours: z
          .number()
          .min(0)
          .max(336)
          .default(48)
          .describe('Hours of history that it begins with, so that charts and detectors are warm at once'),
        series: z
          .array(z.string().min(1))
          .default([])
          .describe('Selectors of the series that are stored, all where empty; a scrape always gets all'),
      })
      .prefault({})
      .describe('A simulated environment to look at, without having to make one'),
  }),
});

export type SimulationConfig = ConfigOf<typeof simulationConfig>;
