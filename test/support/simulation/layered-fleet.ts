import { createRandom, nextBelow } from '../../../src/engine/simulation/random/random.js';

/** Share of the services by layer, from users to stores: like `scenarios/fleets/large.yaml`. */
const LAYERS = [0.05, 0.15, 0.25, 0.25, 0.2, 0.1];
const PODS = 10;
const USERS_PER_ENTRY = 100;
/** Of the CPU limit, at the mean load. */
const UTILISATION = 0.45;
const CPU_LIMIT = 0.5;

interface Service {
  readonly name: string;
  rate: number;
  readonly calls: { readonly to: Service; readonly probability: number }[];
}

/**
 * The text of a scenario of about so many services with ten pods each, in six layers that call the next one, and a
 * database for every ten services. Every service has the same utilisation, so that size is all that differs.
 */
export function layeredFleetText(services: number): string {
  const random = createRandom(1, 'layered-fleet');
  const layers = LAYERS.map((share, depth) =>
    Array.from({ length: Math.max(1, Math.round(services * share)) }, (_, i): Service => ({
      name: `s${depth}-${i}`,
      rate: 0,
      calls: [],
    })),
  );
  for (const service of layers[0]!) service.rate = USERS_PER_ENTRY;
  layers.forEach((layer, depth) => connect(layer, layers[depth + 1] ?? [], (count) => nextBelow(random, count)));
  const databases = Math.max(1, Math.round(services / 10));
  const last = layers.length - 1;
  const named = layers.flatMap((layer, depth) =>
    layer.map((service, i) => [service.name, spec(service, depth === last ? i % databases : -1)]),
  );
  return JSON.stringify({
    dsim: 1,
    name: 'layered',
    duration: '24h',
    platform: {
      regions: { eu: { zones: 3 } },
      clusters: {
        main: { region: 'eu', nodePools: { main: { nodes: Math.ceil(services * 0.45) + 1, cpu: 16, memory: '64Gi' } } },
      },
    },
    services: Object.fromEntries(named),
    stores: Object.fromEntries(
      Array.from({ length: databases }, (_, i) => [`db-${i}`, { kind: 'database', cores: 8, maxConnections: 400 }]),
    ),
    load: Object.fromEntries(
      layers[0]!.map(({ name, rate }) => [
        `to-${name}`,
        {
          to: `${name}.handle`,
          rate,
          shape: [{ daily: { amplitude: '30%' } }, { noise: { cv: '4%', correlation: '2m' } }],
        },
      ]),
    ),
  });
}

/** Every service calls one of the next layer always and another one at times; none is left without callers. */
function connect(layer: readonly Service[], below: readonly Service[], pick: (count: number) => number): void {
  if (below.length === 0) return;
  layer.forEach((service, i) => {
    const first = below[Math.floor((i * below.length) / layer.length)]!;
    const second = below[pick(below.length)]!;
    service.calls.push({ to: first, probability: 1 });
    if (second !== first) service.calls.push({ to: second, probability: 0.4 });
  });
  const called = new Set(layer.flatMap(({ calls }) => calls.map(({ to }) => to)));
  for (const orphan of below.filter((service) => !called.has(service)))
    layer[pick(layer.length)]!.calls.push({ to: orphan, probability: 0.3 });
  for (const { rate, calls } of layer) for (const { to, probability } of calls) to.rate += rate * probability;
}

function spec({ rate, calls }: Service, database: number): object {
  const cpu = (UTILISATION * CPU_LIMIT * PODS) / rate;
  const own = calls.map(({ to, probability }) => ({
    call: `${to.name}.handle`,
    probability,
    timeout: '5s',
    optional: probability < 1,
  }));
  const read =
    database < 0
      ? []
      : [{ call: `db-${database}.read`, probability: 0.05, timeout: '2s', pool: { size: 20, timeout: '1s' } }];
  return {
    replicas: PODS,
    resources: { requests: { cpu: '400m', memory: '256Mi' }, limits: { cpu: CPU_LIMIT, memory: '512Mi' } },
    operations: {
      handle: {
        work: { mean: `${cpu * 1400}ms`, p99: `${cpu * 5600}ms` },
        cpu: `${cpu * 1000}ms`,
        calls: [...own, ...read],
      },
    },
  };
}
