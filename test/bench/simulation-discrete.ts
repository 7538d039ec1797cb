import { fileURLToPath } from 'node:url';
import type { discreteEventSolver } from '../../src/engine/simulation/discrete/discrete-event-solver.js';
import {
  buildNetwork,
  exponential,
  logNormal,
  type BuiltNetwork,
  type CallFixture,
} from '../support/simulation/network-fixture.js';

const COMPILED = new URL('../../dist/engine/simulation/discrete/discrete-event-solver.js', import.meta.url);

/** The solver as it is shipped: what a bundler's development mode makes of it is slower. */
async function compiledSolver(from: string | undefined): Promise<typeof discreteEventSolver> {
  const path = from ?? fileURLToPath(COMPILED);
  const module = (await import(/* @vite-ignore */ path)) as { discreteEventSolver: typeof discreteEventSolver };
  return module.discreteEventSolver;
}

interface Subject {
  readonly name: string;
  readonly rate: number;
  build(): BuiltNetwork;
}

const SUBJECTS: readonly Subject[] = [
  {
    ...{ name: 'M/M/1 at 0.8', rate: 8000 },
    build: () =>
      buildNetwork({
        stations: { queue: { operations: { get: { work: exponential(0.0001) } } } },
        entries: { users: { to: 'queue.get' } },
      }),
  },
  { name: 'shop of 12 stations', rate: 1000, build: () => shop(20) },
  { name: 'shop with 400 pods a service', rate: 20_000, build: () => shop(400) },
];

export async function run(options: { seconds: number; solver?: string }): Promise<void> {
  const solver = await compiledSolver(options.solver);
  console.log(
    'An event is a point of time at which something happens, taken from the queue of the future: a user or a request',
  );
  console.log(
    'arrives, work ends, an answer arrives, a timer fires. What follows at the same instant (a stage that starts, a',
  );
  console.log('server that takes the next request) and timers that are cancelled are not counted.\n');
  console.log('network                          users/s   events/user   events/s   simulated s/s');
  for (const { name, rate, build } of SUBJECTS) {
    const { network, parameters, flows } = build();
    const state = solver.create(network, parameters, 1);
    const arrivals = Float64Array.of(rate);
    for (let i = 0; i < 5; i++) solver.step(network, parameters, arrivals, state, flows);
    const before = { events: state.events, users: flows.userOffered[0]! };
    // CPU time, so that the figure is that of one core on a busy machine too; it includes the compiler and the collector.
    const start = process.cpuUsage();
    let elapsed = 0;
    let steps = 0;
    for (; elapsed < options.seconds; steps++) {
      solver.step(network, parameters, arrivals, state, flows);
      const { user, system } = process.cpuUsage(start);
      elapsed = (user + system) / 1e6;
    }
    const events = state.events - before.events;
    const columns = [
      rate.toLocaleString('en').padStart(9),
      (events / (flows.userOffered[0]! - before.users)).toFixed(1).padStart(13),
      Math.round(events / elapsed)
        .toLocaleString('en')
        .padStart(10),
      (steps / elapsed).toFixed(1).padStart(15),
    ];
    console.log(name.padEnd(31) + columns.join(' '));
  }
}

/** Four layers with timeouts, retries, pools, a cache with misses, a broker and a consumer, at about half load. */
function shop(pods: number): BuiltNetwork {
  const call = (to: string, more: Partial<CallFixture> = {}): CallFixture => ({
    ...{ to, timeout: 1, retries: 2, delay: 0.0005, pool: 200, poolTimeout: 0.5 },
    ...more,
  });
  const service = (mean: number, stages: readonly (readonly CallFixture[])[]) => ({
    ...{ servers: pods, workers: 2, slots: 100, queueLimit: 100 },
    operations: { get: { work: logNormal(mean, 1), errorRatio: 0.0005, stages } },
  });
  const store = (mean: number) => ({
    ...{ servers: Math.ceil(pods / 10), workers: 32, slots: 500, queueLimit: Infinity },
    operations: { get: { work: exponential(mean), hitRatio: 0.9 } },
  });
  return buildNetwork({
    stations: {
      gateway: service(0.002, [
        [call('auth.get')],
        [call('catalog.get'), call('cart.get')],
        [call('checkout.get', { probability: 0.1 })],
      ]),
      auth: service(0.001, [[call('cache.get')]]),
      catalog: service(0.005, [[call('cache.get', { onMiss: [[call('catalogDb.get')]] })], [call('search.get')]]),
      cart: service(0.004, [[call('cartDb.get')]]),
      search: service(0.008, []),
      checkout: service(0.01, [[call('payment.get')], [call('cartDb.get'), call('broker.publish', { async: true })]]),
      payment: { kind: 'delay', operations: { get: { work: logNormal(0.1, 0.5) } } },
      cache: store(0.0003),
      catalogDb: store(0.004),
      cartDb: store(0.002),
      broker: {
        ...{ kind: 'delay' },
        operations: { publish: { work: exponential(0.002), stages: [[{ to: 'mailer.get', async: true }]] } },
      },
      mailer: {
        ...{ dispatch: 'shared', servers: pods, workers: 2 },
        operations: { get: { work: exponential(0.02) } },
      },
    },
    entries: { users: { to: 'gateway.get', timeout: 5, delay: 0.02 } },
  });
}
