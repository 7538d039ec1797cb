import { readFileSync } from 'node:fs';
import { parseScenario } from '../../../src/engine/scenario/parse-scenario.js';
import type { Scenario } from '../../../src/engine/scenario/scenario.types.js';
import {
  createSimulation,
  injectFault,
  restoreSimulation,
  snapshotOf,
  stepSimulation,
} from '../../../src/engine/simulation/simulation.js';
import type { Simulation } from '../../../src/engine/simulation/simulation.types.js';
import { randomFault, uniform } from './random-faults.js';
import { createRecorder, type Column, type Recorder } from './record-columns.js';

export const TICK_SECONDS = 15;
/** Calm ticks before the first fault, ticks of one fault, and of what is watched from its start. */
export const PLAN = { calmTicks: 480, faultTicks: 40, branchTicks: 56, apartTicks: 40, faults: 8 } as const;

/** One fault: what went on as in the calm run up to `from`, and differently afterwards. */
export interface Branch {
  readonly kind: string;
  /** Tick of the calm run at which the columns begin. */
  readonly from: number;
  readonly ticks: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** Tick of the branch at which users were first harmed; -1: never. */
  readonly harmedAt: number;
}

export interface SimulatedSeed {
  readonly seed: number;
  readonly ticks: number;
  readonly calm: ReadonlyMap<string, Column>;
  readonly branches: readonly Branch[];
}

const LIBRARY = new URL('../../../scenarios/', import.meta.url);
const FLEETS: Readonly<Record<string, readonly string[]>> = {
  shop: ['fleets/shop.yaml', 'fleets/shop-autoscalers.yaml'],
  'two-clouds': ['fleets/two-clouds.yaml'],
  large: ['fleets/large.yaml'],
};

/** A calm run with deploys, and from points of it runs with one fault each: all else is the same, so that what differs is the fault's. */
export function simulateSeed(fleet: string, seed: number): SimulatedSeed {
  const { calmTicks, faultTicks, branchTicks, apartTicks, faults } = PLAN;
  const ticks = calmTicks + apartTicks * (faults - 1) + branchTicks + 1;
  const scenario = scenarioOf(fleet, seed, ticks * TICK_SECONDS, []);
  const simulation = createSimulation(scenario, { seed });
  const calm = createRecorder(ticks, TICK_SECONDS);
  const branches: Branch[] = [];
  for (let n = 0; n < faults; n += 1) {
    const from = calmTicks + n * apartTicks;
    advance(simulation, from * TICK_SECONDS - simulation.state.step, calm.record);
    const at = from * TICK_SECONDS + Math.floor(uniform(seed, n * 16 + 12) * TICK_SECONDS);
    const { kind, yaml } = randomFault(scenario, seed, n, at, faultTicks * TICK_SECONDS);
    const withFault = scenarioOf(fleet, seed, ticks * TICK_SECONDS, [yaml]);
    const twin = restoreSimulation(scenario, snapshotOf(simulation));
    injectFault(twin, withFault.faults[0]!);
    const recorder = createRecorder(branchTicks, TICK_SECONDS, calm.newest());
    advance(twin, branchTicks * TICK_SECONDS, recorder.record);
    const harm = twin.state.account.faults.find(({ name }) => name === 'f')?.harmedAt ?? -1;
    const harmedAt = harm < 0 ? -1 : Math.ceil(harm / TICK_SECONDS) - from - 1;
    branches.push({ kind, from: from + 1, ticks: branchTicks, columns: recorder.columns, harmedAt });
  }
  advance(simulation, ticks * TICK_SECONDS - simulation.state.step, calm.record);
  return { seed, ticks, calm: calm.columns, branches };
}

function advance(simulation: Simulation, steps: number, scrape: Recorder['record']): void {
  const sink = { scrape };
  for (let i = 0; i < steps; i += 1) stepSimulation(simulation, sink);
}

/** Starts at an hour and day that follow from the seed, with a deploy about every half hour. */
function scenarioOf(fleet: string, seed: number, seconds: number, faults: readonly string[]): Scenario {
  const day = 14 + Math.floor(uniform(seed, 1_001) * 7);
  const hour = Math.floor(uniform(seed, 1_002) * 24);
  const head = [
    'dsim: 1',
    'name: training',
    `include: [${FLEETS[fleet]!.join(', ')}]`,
    `start: 2026-09-${day}T${String(hour).padStart(2, '0')}:00:00Z`,
    `duration: ${seconds}s`,
  ].join('\n');
  const base = parse(head);
  const deploys = Array.from({ length: Math.floor(seconds / 1800) }, (_, i) => {
    const service = base.services[Math.floor(uniform(seed, 2_000 + i) * base.services.length)]!.name;
    return `  - { at: ${i * 1800 + Math.floor(uniform(seed, 3_000 + i) * 1800)}s, deploy: { service: ${service}, version: d${i} } }`;
  });
  const list = faults.map((fault) => `  - ${fault}`);
  const body = [head, 'changes:', ...deploys, ...(list.length > 0 ? ['faults:', ...list] : [])];
  return parse(body.join('\n'));
}

function parse(text: string): Scenario {
  return parseScenario(text, { file: 'training.yaml', read: (path) => readFileSync(new URL(path, LIBRARY), 'utf8') });
}
