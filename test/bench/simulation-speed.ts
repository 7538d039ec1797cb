import { Session } from 'node:inspector/promises';
import { serialize } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { createSimulation, stepSimulation } from '../../src/engine/simulation/simulation.js';
import type { Simulation } from '../../src/engine/simulation/simulation.types.js';
import { layeredFleetText } from '../support/simulation/layered-fleet.js';
import { readScenario } from '../support/simulation/shop-fleet.js';
import { linearFit } from './support/linear-fit.js';

interface Options {
  readonly hours: number;
  readonly createSimulation: typeof createSimulation;
  readonly stepSimulation: typeof stepSimulation;
}

const DAY = 86_400;
/** Steps before anything is measured: the compiler has seen everything by then. */
const WARM_UP = 600;
const SIZES = [25, 50, 100, 200, 400];
const FLEETS = [
  {
    name: 'shop, 12 services',
    text: '{ dsim: 1, name: day, include: [fleets/shop.yaml, fleets/shop-autoscalers.yaml] }',
    bar: 5,
  },
  { name: '200 services, 2,000 pods', text: '{ dsim: 1, name: day, include: [fleets/large.yaml] }', bar: 60 },
];

/** Times are CPU time of the process, so that they are those of one core on a busy machine too. */
export async function run(options: Options): Promise<void> {
  await days(options);
  fit(options);
  memory(options);
}

async function days({ hours, createSimulation, stepSimulation }: Options): Promise<void> {
  console.log(`## Seconds per simulated day (measured over ${hours} h), fluid, all telemetry every 15 s\n`);
  console.log('| fleet | series | one step, us | CPU seconds per day | bar |\n|---|---|---|---|---|');
  const parts: string[] = [];
  for (const { name, text, bar } of FLEETS) {
    const simulation = createSimulation(readScenario(text));
    let series = 0;
    const sink = { scrape: (frame: { series: readonly unknown[] }) => void (series = frame.series.length) };
    const steps = hours * 3600;
    const seconds = cpuSeconds(() => {
      for (let i = 0; i < steps; i++) stepSimulation(simulation, sink);
    });
    const perDay = (seconds / steps) * DAY;
    console.log(
      `| ${name} | ${series.toLocaleString('en')} | ${((seconds / steps) * 1e6).toFixed(0)} | ${perDay.toFixed(1)} | ${bar} |`,
    );
    parts.push(`| ${name} | ${(await profile(simulation, stepSimulation, (5 * DAY) / perDay)).join(' | ')} |`);
  }
  console.log(`\nWhere a step spends it, by samples of a CPU profile:\n`);
  console.log(`| fleet | ${PARTS.map(([name]) => name).join(' | ')} | other |`);
  console.log(`|---|${'---|'.repeat(PARTS.length + 1)}`);
  console.log(parts.join('\n'));
}

const PARTS = [
  ['platform', 'stepPlatform'],
  ['stores', 'stepStores'],
  ['traffic', 'stepTraffic'],
  ['load', 'stepLoad'],
  ['solver: serve', 'serveStation'],
  ['solver: describe', 'describeChanges'],
  ['account', 'stepAccount'],
  ['records', 'emitRecords'],
  ['scrapes', 'scrapeTelemetry'],
] as const;

/** Shares of the steps' time of functions and what they call. */
async function profile(simulation: Simulation, step: Options['stepSimulation'], steps: number): Promise<string[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const sink = { scrape: () => undefined };
  for (let i = 0; i < steps; i++) step(simulation, sink);
  const { nodes, samples = [] } = (await session.post('Profiler.stop')).profile;
  session.disconnect();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parent = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const counts = new Map<string, number>();
  let all = 0;
  for (const sample of samples) {
    const names = new Set<string>();
    for (let id: number | undefined = sample; id !== undefined; id = parent.get(id))
      names.add(byId.get(id)!.callFrame.functionName);
    if (!names.has('stepSimulation')) continue;
    all++;
    counts.set('', (counts.get('') ?? 0) + Number(!PARTS.some(([, name]) => names.has(name))));
    for (const [, name] of PARTS) if (names.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...PARTS.map(([, name]) => name), ''].map(
    (name) => `${(((counts.get(name) ?? 0) / all) * 100).toFixed(0)} %`,
  );
}

/** The best of several stretches for each size, as other work on the machine only adds. */
function fit({ createSimulation, stepSimulation }: Options): void {
  const points = SIZES.map((size) => {
    const scenario = readScenario(layeredFleetText(size));
    const simulation = createSimulation(scenario);
    const sink = { scrape: () => undefined };
    for (let i = 0; i < WARM_UP; i++) stepSimulation(simulation, sink);
    // Whole scrape intervals, so that each stretch has its share of them.
    const steps = 15 * Math.ceil(6000 / size);
    const costs = Array.from({ length: 6 }, () =>
      cpuSeconds(() => {
        for (let i = 0; i < steps; i++) stepSimulation(simulation, sink);
      }),
    );
    return { x: scenario.services.length, y: (Math.min(...costs) / steps) * 1e6 };
  });
  const { slope, offset, r2, at } = linearFit(points);
  console.log('\n## Cost of a step by the number of services (ten pods each)\n');
  console.log('| services | one step, us | fit, us | residual |\n|---|---|---|---|');
  for (const { x, y } of points)
    console.log(`| ${x} | ${y.toFixed(1)} | ${at(x).toFixed(1)} | ${((y / at(x) - 1) * 100).toFixed(1)} % |`);
  console.log(`\n${offset.toFixed(1)} us + ${slope.toFixed(3)} us x services; R2 = ${r2.toFixed(4)}`);
}

function memory({ createSimulation, stepSimulation }: Options): void {
  console.log('\n## Memory of the shop over simulated days\n');
  console.log('| day | heap and buffers after collection, MB | state as a structured copy, MB |\n|---|---|---|');
  const collect = runInNewContext('gc') as () => void;
  const simulation = createSimulation(readScenario(FLEETS[0]!.text.replace('name: day', 'name: day, duration: 10d')));
  for (let day = 1; day <= 8; day++) {
    for (let i = 0; i < DAY; i++) stepSimulation(simulation, { scrape: () => undefined });
    if (![1, 2, 4, 8].includes(day)) continue;
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const state = serialize(simulation.state).byteLength;
    console.log(`| ${day} | ${((heapUsed + arrayBuffers) / 1e6).toFixed(1)} | ${(state / 1e6).toFixed(2)} |`);
  }
}

function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
