import type { fluidSolver } from '../../src/engine/simulation/fluid/fluid-solver.js';
import { createRandom, nextNormal } from '../../src/engine/simulation/random/random.js';
import { SHOP_MIX, shopNetwork } from '../support/simulation/shop-network.js';

const COPIES = [1, 2, 4, 8, 17];
const SERVICES_PER_COPY = 12;
/** Users per second of one copy in the middle of the day: about 55 % of what its busiest station carries. */
const MEAN_RATE = 600;

type FluidSolver = typeof fluidSolver;

/**
 * A day is walked through in the given number of steps: a daily curve, and noise with a standard deviation of 5 % that
 * is forgotten after two minutes, so that no step finds what the one before it left. CPU time of the process, the making of the load included (0.2 us).
 */
export async function run(options: { steps: number; solver: FluidSolver }): Promise<void> {
  const { solver } = options;
  console.log('services   stations   calls   step, us   per service, us');
  const points: { services: number; cost: number }[] = [];
  for (const copies of COPIES) {
    const { network, parameters, flows } = shopNetwork(copies);
    const state = solver.create(network, parameters, 1);
    const random = createRandom(1, 'bench/load');
    const noise = new Float64Array(copies);
    const arrivals = new Float64Array(network.entries.length);
    const steps = Math.ceil(options.steps / copies);
    let start = 0;
    for (let step = -500; step < steps; step++) {
      const season = 1 + 0.5 * Math.sin((2 * Math.PI * step) / 86_400);
      for (let copy = 0; copy < copies; copy++) {
        noise[copy] = noise[copy]! * (1 - 1 / 120) + 0.05 * Math.sqrt(2 / 120) * nextNormal(random);
        const rate = MEAN_RATE * season * Math.exp(noise[copy]!);
        SHOP_MIX.forEach((share, i) => (arrivals[copy * SHOP_MIX.length + i] = rate * share));
      }
      if (step === 0) start = process.cpuUsage().user;
      solver.step(network, parameters, arrivals, state, flows);
    }
    const cost = (process.cpuUsage().user - start) / steps;
    const services = copies * SERVICES_PER_COPY;
    points.push({ services, cost });
    const columns = [services, network.stations.length, network.edges.length].map((value) => String(value).padStart(8));
    console.log(`${columns.join('')}   ${cost.toFixed(1).padStart(8)}   ${(cost / services).toFixed(2).padStart(15)}`);
  }
  console.log(fit(points));
}

/** Least squares through the points. */
function fit(points: readonly { services: number; cost: number }[]): string {
  const mean = (read: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [x, y] = [mean(({ services }) => services), mean(({ cost }) => cost)];
  const slope = mean(({ services, cost }) => (services - x) * (cost - y)) / mean(({ services }) => (services - x) ** 2);
  const offset = y - slope * x;
  const residual = mean(({ services, cost }) => (cost - offset - slope * services) ** 2);
  const explained = 1 - residual / mean(({ cost }) => (cost - y) ** 2);
  return `fit: ${offset.toFixed(1)} us + ${slope.toFixed(2)} us x services, R2 ${explained.toFixed(4)}`;
}
