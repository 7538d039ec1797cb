// Writes large.yaml: 200 services in six layers with 2,000 pods, as a base for questions of scale.
// Run it with `node scenarios/fleets/make-large.mjs`; the result is committed, so that nobody has to.
import { writeFileSync } from 'node:fs';

const LAYERS = [10, 30, 50, 50, 40, 20];
const PODS = 10;
const USERS = 6000;
const UTILIZATION = 0.45;
/** Cores a pod may use, and most milliseconds of CPU per request: services with few callers are mostly idle. */
const LIMIT = 1;
const MOST_CPU = 12;

let state = 20_260;
const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000;
const pick = (items) => items[Math.floor(random() * items.length)];

let next = 0;
const layers = LAYERS.map((size) =>
  Array.from({ length: size }, () => ({ name: `svc-${String(++next).padStart(3, '0')}`, rate: 0, calls: [] })),
);
layers[0].forEach((service) => (service.rate = USERS / LAYERS[0]));
layers.forEach((layer, depth) => {
  const below = layers[depth + 1];
  layer.forEach((service, position) => {
    if (!below) return;
    // The first call goes round robin, so that no service is without callers.
    const callees = [below[Math.floor((position * below.length) / layer.length)], pick(below)];
    for (const [index, callee] of callees.entries()) {
      if (index > 0 && callee === callees[0]) continue;
      service.calls.push({ to: callee, probability: index === 0 ? 1 : 0.4 });
    }
  });
  if (below) {
    const called = new Set(layer.flatMap(({ calls }) => calls.map(({ to }) => to)));
    for (const orphan of below.filter((service) => !called.has(service)))
      pick(layer).calls.push({ to: orphan, probability: 0.3 });
  }
  layer.forEach((service) => service.calls.forEach(({ to, probability }) => (to.rate += service.rate * probability)));
});

const databases = 20;
const lines = [
  '# Two hundred services in six layers, ten pods each, twenty databases: written by make-large.mjs, do not edit.',
  'timeZone: UTC',
  'platform:',
  '  regions:',
  '    eu: { cloud: gcp, location: europe-west3, zones: [eu-a, eu-b, eu-c] }',
  '  clusters:',
  '    large-eu:',
  '      region: eu',
  '      nodePools: { general: { nodes: 80, min: 80, max: 120, cpu: 16, memory: 64Gi, price: 0.78, startup: 90s } }',
  '      autoscaler: true',
  'services:',
];
layers.flat().forEach((service, index) => {
  const cpu = Math.min(MOST_CPU, (UTILIZATION * LIMIT * PODS * 1000) / service.rate);
  const work = cpu * 1.4;
  const calls = service.calls.map(({ to, probability }) =>
    probability === 1
      ? `{ call: ${to.name}.handle, timeout: 5s, retries: 1 }`
      : `{ call: ${to.name}.handle, probability: ${probability * 100}%, timeout: 5s, optional: true }`,
  );
  if (index >= 180)
    calls.push(
      `{ call: db-${String(index - 179).padStart(2, '0')}.read, probability: 50%, timeout: 2s, pool: { size: 20, timeout: 1s } }`,
    );
  lines.push(
    `  ${service.name}:`,
    `    { replicas: ${PODS}, resources: { requests: { cpu: 400m, memory: 256Mi }, limits: { cpu: ${LIMIT}, memory: 512Mi } },`,
    `      concurrency: 64, operations: { handle: { route: 'GET /${service.name}', work: { mean: ${work.toFixed(1)}ms, p99: ${(work * 4).toFixed(1)}ms }, cpu: ${cpu.toFixed(1)}ms, calls: [${calls.join(', ')}] } } }`,
  );
});
lines.push('stores:');
for (let i = 1; i <= databases; i++)
  lines.push(
    `  db-${String(i).padStart(2, '0')}: { kind: database, replicas: 1, cores: 8, maxConnections: 400, read: { mean: 2ms, p99: 12ms }, write: { mean: 5ms, p99: 30ms } }`,
  );
lines.push('load:');
layers[0].forEach(({ name, rate }) =>
  lines.push(
    `  via-${name}:`,
    `    { to: ${name}.handle, rate: ${rate}, shape: [{ daily: { amplitude: 30%, peak: '20:00' } }, { noise: { cv: 4%, correlation: 2m } }], client: { timeout: 20s } }`,
  ),
);
lines.push('slos:');
layers[0].forEach(({ name }) =>
  lines.push(`  - { name: ${name}-good, entry: via-${name}, objective: 99.5%, latency: 5s }`),
);
writeFileSync(new URL('large.yaml', import.meta.url), `${lines.join('\n')}\n`);
