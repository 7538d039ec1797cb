import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseScenario } from '../../../src/engine/scenario/parse-scenario.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';
import { createSimulation, stepSimulation } from '../../../src/engine/simulation/simulation.js';
import type { CompareSubject } from './compare-solvers.js';

const SCENARIOS = fileURLToPath(new URL('../../../scenarios/', import.meta.url));

/** Reads a scenario of the library, or text that includes parts of it. */
export function readScenario(text: string, overrides: readonly { path: string; value: string }[] = []): Scenario {
  return parseScenario(text, {
    file: join(SCENARIOS, 'text.yaml'),
    read: (path) => readFileSync(path.startsWith('/') ? path : join(SCENARIOS, path), 'utf8'),
    overrides,
  });
}

/** The reference shop of `scenarios/fleets/shop.yaml` as its control plane leaves it when nothing happens. */
export function shopFleet(): CompareSubject {
  const scenario = readScenario('{ dsim: 1, name: shop, include: [fleets/shop.yaml] }');
  const { fleet, state } = createSimulation(scenario);
  // The first steps write what the network and the stores contribute.
  for (let i = 0; i < 3; i++) stepSimulation({ fleet, state });
  const rates = Float64Array.from(scenario.load, ({ rate }) => rate);
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  return {
    name: 'reference shop',
    network: fleet.network,
    parameters: structuredClone(state.parameters),
    mix: rates.map((rate) => rate / total),
    candidates: fleet.deployments.map(({ station }) => station),
  };
}
