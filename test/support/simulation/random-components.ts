import { nextBelow, nextUniform, type RandomStream } from '../../../src/engine/simulation/random/random.js';

export interface Names {
  /** Each calls only those after it. */
  readonly services: readonly string[];
  /** Kind of each store. */
  readonly stores: Readonly<Record<string, string>>;
  readonly consumer: string;
}

export function pick<T>(random: RandomStream, values: readonly T[]): T {
  return values[nextBelow(random, values.length)]!;
}

export function chance(random: RandomStream, probability: number): boolean {
  return nextUniform(random) < probability;
}

/** Services with operations `a` and `b` in the language of scenarios, the consumer of `events` among them. */
export function randomServices(random: RandomStream, { services, consumer }: Names): Record<string, object> {
  const named = services.map((name, i) => {
    const operation = () => ({
      work: pick(random, [
        '2ms',
        { mean: '8ms', p99: '60ms' },
        { deterministic: '5ms' },
        { empirical: ['1ms', '2ms', '50ms'] },
      ]),
      cpu: '1ms',
      errors: pick(random, ['0%', '0%', '2%']),
      calls: Array.from({ length: nextBelow(random, 3) }, () => randomStage(random, services.slice(i + 1))),
    });
    return [name, { ...randomPods(random), operations: { a: operation(), b: operation() } }] as const;
  });
  const handle = { route: 'CONSUME events', work: pick(random, ['5ms', '80ms']), cpu: '2ms' };
  const worker = { ...randomPods(random), consumes: { queue: 'events', operation: 'handle' }, operations: { handle } };
  return { ...Object.fromEntries(named), [consumer]: worker };
}

export function randomStores(random: RandomStream): Record<string, object> {
  return {
    db: {
      ...{ kind: 'database', replicas: 1 + nextBelow(random, 2), cores: pick(random, [1, 4]), failover: '10s' },
      ...{ maxConnections: pick(random, [5, 200]), contention: pick(random, ['1%', '50%']) },
      ...{ diskUsed: pick(random, ['40%', '99.9%']), readFromReplicas: chance(random, 0.5) },
    },
    cache: { kind: 'cache', hitRatio: pick(random, ['0%', '95%', '100%']), keys: pick(random, [10, 10_000]) },
    events: { kind: 'queue', partitions: pick(random, [1, 6]) },
    bank: {
      ...{ kind: 'external', latency: { mean: '50ms', p99: '200ms' }, errors: pick(random, ['0%', '10%']) },
      ...(chance(random, 0.5) ? { rateLimit: 20 } : {}),
    },
  };
}

function randomPods(random: RandomStream): object {
  return {
    replicas: pick(random, [1, 2, 4]),
    resources: pick(random, [
      { requests: { cpu: '100m', memory: '128Mi' } },
      { requests: { cpu: '200m', memory: '128Mi' }, limits: { cpu: '300m', memory: '256Mi' } },
      { requests: { cpu: '1500m', memory: '2Gi' }, limits: { cpu: 2, memory: '2Gi' } },
    ]),
    startup: { pull: '3s', start: pick(random, ['1s', '20s']), ready: '2s' },
    concurrency: pick(random, [1, 8, 64]),
    queueLimit: pick(random, [0, 10, 100]),
    ...pick(random, [{}, { parallelism: 1 }, { loadShedding: '50ms' }]),
    rollout: pick(random, [
      { strategy: 'rolling', maxSurge: 1, maxUnavailable: 0 },
      { strategy: 'recreate' },
      {
        strategy: 'canary',
        steps: [
          { weight: '20%', pause: '20s' },
          { weight: '60%', pause: '20s' },
        ],
      },
      { strategy: 'blue-green', promoteAfter: '10s' },
    ]),
    terminationGrace: pick(random, ['0s', '30s']),
    ...(chance(random, 0.1) ? { certificateExpires: '100s' } : {}),
  };
}

/** One call, or several at once. */
function randomStage(random: RandomStream, below: readonly string[]): object {
  const calls = Array.from({ length: chance(random, 0.7) ? 1 : 2 }, () => randomCall(random, below));
  return calls.length === 1 ? calls[0]! : { parallel: calls };
}

function randomCall(random: RandomStream, below: readonly string[]): object {
  const services = below.flatMap((name) => [`${name}.a`, `${name}.b`]);
  const call = pick(random, [...services, 'db.read', 'db.write', 'cache.get', 'events.publish', 'bank.call']);
  const retries = { max: 2, backoff: '20ms', budget: pick(random, ['none', '10%']) };
  return {
    ...{ call, probability: pick(random, ['100%', '100%', '30%']), fanOut: pick(random, [1, 1, 1, 3]) },
    timeout: pick(random, ['none', '1ms', '100ms', '1s', '5s']),
    retries: pick(random, [0, 0, 1, retries]),
    optional: chance(random, 0.2),
    ...(chance(random, 0.2) ? { breaker: { minimumCalls: 5, window: '5s', openFor: '5s' } } : {}),
    ...(chance(random, 0.3) ? { pool: { size: pick(random, [1, 10]), timeout: '200ms' } } : {}),
    ...(call === 'cache.get' ? { onMiss: [{ call: 'db.read', timeout: '500ms' }] } : {}),
  };
}
