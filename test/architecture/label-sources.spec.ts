import { describe, expect, it } from 'vitest';
import { IncidentLabels } from '../../src/modules/incidents/data/incident-labels.js';
import { IncidentsModule } from '../../src/modules/incidents/incidents.module.js';
import { FaultLabels } from '../../src/modules/simulation/live/fault-labels.js';
import { SimulationModule } from '../../src/modules/simulation/simulation.module.js';
import { moduleContext } from '../support/platform.js';

/** The API answers with cards of shadows, workers make score cards: both have to know what was wrong. */
describe.each([
  ['that serves', { serves: true, works: false }],
  ['that works', { serves: false, works: true }],
])('a process %s', (_, role) => {
  it.each([
    ['faults that were injected', SimulationModule, FaultLabels],
    ['incidents that were confirmed', IncidentsModule, IncidentLabels],
  ])('knows %s', (_what, module, source) => {
    expect(module.register(moduleContext(role)).providers).toContain(source);
  });
});
