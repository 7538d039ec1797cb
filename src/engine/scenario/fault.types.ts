/** Which part of the fleet a fault acts on. What a kind accepts is in `FAULT_KINDS`. */
export interface FaultTarget {
  readonly service?: string;
  readonly store?: string;
  /** Only this version of the service. */
  readonly version?: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly cloud?: string;
  readonly node?: string;
  /** An entry point of the load; all of them where a fault of entries names none. */
  readonly entryPoint?: string;
  /** The other end of a network fault, as a target of its own. */
  readonly to?: Omit<FaultTarget, 'to' | 'version' | 'share'>;
  /** Share of the pods or nodes that match, 0 to 1; at least one is taken. Default 1. */
  readonly share?: number;
}

export interface FaultSpec {
  /** Unique in the run; the ground truth and expectations use it. */
  readonly name: string;
  readonly kind: FaultKind;
  /** Seconds from the start of the run. */
  readonly at: number;
  /** Seconds; Infinity: until cleared. */
  readonly duration: number;
  /** Seconds in which the intensity rises from 0 to full; it ends at once. */
  readonly ramp: number;
  /** 0 to 1, scales the settings marked `scaled` in `FAULT_KINDS`. */
  readonly intensity: number;
  readonly target: FaultTarget;
  /** By the names of `FAULT_KINDS[kind].settings`, all present. */
  readonly settings: Readonly<Record<string, number>>;
}

export type FaultKind = keyof typeof FAULT_KINDS;

export type FaultTargetKind = 'service' | 'store' | 'node' | 'zone' | 'region' | 'cloud' | 'cluster' | 'link' | 'entry';

export interface FaultSetting {
  readonly unit: 'seconds' | 'bytes' | 'bytes/s' | 'cores' | 'ratio' | 'factor' | 'count' | 'count/s';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** The intensity scales it: a factor f becomes 1 + (f - 1) x intensity, anything else is multiplied. */
  readonly scaled: boolean;
  readonly description: string;
}

export interface FaultKindDefinition {
  readonly title: string;
  /** What happens to the model and what a user would see. */
  readonly description: string;
  readonly targets: readonly FaultTargetKind[];
  readonly settings: Readonly<Record<string, FaultSetting>>;
}

const setting = (
  unit: FaultSetting['unit'],
  value: number,
  [min, max]: readonly [number, number],
  description: string,
  scaled = true,
): FaultSetting => ({ unit, default: value, min, max, scaled, description });

/**
 * Every fault: the vocabulary of Chaos Mesh, AIOpsLab and SREGym. Schema, validation, `dsim list --faults` and the
 * reference are made from this table. A fault changes parameters of the model, never a metric.
 */
export const FAULT_KINDS = {
  'pod-kill': {
    title: 'Pods killed',
    description: 'Kills the share of pods at the start and again at every interval.',
    targets: ['service'],
    settings: { interval: setting('seconds', 0, [0, 86_400], 'Seconds between kills; 0: once.', false) },
  },
  'crash-loop': {
    title: 'Crash loop',
    description: 'Containers exit after some seconds; back-off doubles from 10 s to 300 s.',
    targets: ['service'],
    settings: { after: setting('seconds', 5, [0, 3600], 'Seconds a container lives.', false) },
  },
  'node-drain': {
    title: 'Nodes drained',
    description: 'Cordons nodes and evicts their pods gracefully.',
    targets: ['node', 'zone', 'cluster'],
    settings: {},
  },
  'node-loss': {
    title: 'Nodes lost',
    description: 'Nodes vanish; their pods are replaced after the eviction timeout.',
    targets: ['node', 'zone', 'cluster'],
    settings: {
      eviction: setting('seconds', 300, [0, 3600], 'Seconds until lost pods are given up (tolerationSeconds).', false),
    },
  },
  'zone-loss': {
    title: 'Zone lost',
    description: 'All nodes and store instances of a zone vanish.',
    targets: ['zone'],
    settings: { eviction: setting('seconds', 300, [0, 3600], 'Seconds until lost pods are given up.', false) },
  },
  'region-loss': {
    title: 'Region lost',
    description: 'Everything in a region vanishes.',
    targets: ['region'],
    settings: { eviction: setting('seconds', 300, [0, 3600], 'Seconds until lost pods are given up.', false) },
  },
  'cloud-loss': {
    title: 'Cloud lost',
    description: 'Everything at a provider vanishes.',
    targets: ['cloud'],
    settings: { eviction: setting('seconds', 300, [0, 3600], 'Seconds until lost pods are given up.', false) },
  },
  'cpu-stress': {
    title: 'CPU stress',
    description: 'A process beside the application eats CPU inside the pods.',
    targets: ['service'],
    settings: { cores: setting('cores', 0.5, [0, 1024], 'Cores eaten in each pod.') },
  },
  'memory-leak': {
    title: 'Memory leak',
    description: 'Memory of the pods grows until the limit kills them.',
    targets: ['service'],
    settings: { rate: setting('bytes/s', 262_144, [0, 1e12], 'Bytes per second and pod.') },
  },
  'disk-full': {
    title: 'Disk fills up',
    description: 'The disk fills; a database refuses writes when it is full.',
    targets: ['node', 'store'],
    settings: { rate: setting('bytes/s', 100e6, [0, 1e12], 'Bytes per second.') },
  },
  'network-latency': {
    title: 'Network latency',
    description: 'Adds delay to calls between two places.',
    targets: ['link'],
    settings: { delay: setting('seconds', 0.1, [0, 60], 'Added to the round trip.') },
  },
  'network-loss': {
    title: 'Network loss',
    description: 'Loses calls between two places; callers wait for their timeout.',
    targets: ['link'],
    settings: { ratio: setting('ratio', 0.05, [0, 1], 'Share of calls lost.') },
  },
  'network-partition': {
    title: 'Network partition',
    description: 'Nothing passes between two places.',
    targets: ['link'],
    settings: {},
  },
  'dns-failure': {
    title: 'DNS failure',
    description: 'Names do not resolve: calls fail at once.',
    targets: ['service', 'store', 'cluster'],
    settings: { ratio: setting('ratio', 1, [0, 1], 'Share of look-ups that fail.') },
  },
  'dependency-slow': {
    title: 'Dependency slow',
    description: 'Work of a component takes longer.',
    targets: ['service', 'store'],
    settings: { factor: setting('factor', 5, [1, 1000], 'Work times.') },
  },
  'dependency-down': {
    title: 'Dependency down',
    description: 'Calls to a component fail.',
    targets: ['service', 'store'],
    settings: { ratio: setting('ratio', 1, [0, 1], 'Share of calls that fail.') },
  },
  'database-failover': {
    title: 'Database failover',
    description: 'The primary dies; a replica takes over after the failover time.',
    targets: ['store'],
    settings: {},
  },
  'replication-lag': {
    title: 'Replication lag',
    description: 'Replicas fall behind, until the primary has to answer their reads.',
    targets: ['store'],
    settings: { growth: setting('ratio', 0.5, [0, 1], 'Seconds of lag gained per second.') },
  },
  'connection-leak': {
    title: 'Connection leak',
    description: 'Pods of a service lose connections of a pool and never give them back.',
    targets: ['service'],
    settings: { rate: setting('count/s', 0.05, [0, 1000], 'Connections lost per second and pod.') },
  },
  'lock-storm': {
    title: 'Lock storm',
    description: 'Writes of a database block each other.',
    targets: ['store'],
    settings: { contention: setting('ratio', 0.5, [0, 100], 'Added to the contention per running write.') },
  },
  'cache-flush': {
    title: 'Cache flushed',
    description: 'Loses the share of its entries at the start.',
    targets: ['store'],
    settings: { ratio: setting('ratio', 1, [0, 1], 'Share of the entries lost.') },
  },
  'consumer-stuck': {
    title: 'Consumer stuck',
    description: 'Consumers of a queue take no messages.',
    targets: ['service'],
    settings: {},
  },
  'certificate-expiry': {
    title: 'Certificate expired',
    description: 'TLS handshakes with a component fail.',
    targets: ['service', 'store'],
    settings: {},
  },
  'clock-skew': {
    title: 'Clock skew',
    description: 'Clocks of nodes run off; tokens and certificates are refused beyond a minute.',
    targets: ['node', 'zone', 'cluster'],
    settings: { offset: setting('seconds', 90, [-86_400, 86_400], 'Seconds off.') },
  },
  'bad-deploy': {
    title: 'Bad deploy',
    description: 'Deploys a version with defects at the start and rolls it back at the end.',
    targets: ['service'],
    settings: {
      errorRatio: setting('ratio', 0.05, [0, 1], 'Requests that fail.'),
      latencyFactor: setting('factor', 1, [1, 1000], 'Work times.'),
      leakPerRequest: setting('bytes', 0, [0, 1e9], 'Bytes leaked per request.'),
    },
  },
  'config-error': {
    title: 'Configuration error',
    description: 'A wrong setting makes requests fail on the pods that have it.',
    targets: ['service'],
    settings: { ratio: setting('ratio', 1, [0, 1], 'Requests that fail.') },
  },
  'traffic-surge': {
    title: 'Traffic surge',
    description: 'More users.',
    targets: ['entry'],
    settings: { factor: setting('factor', 3, [1, 1000], 'Load times.') },
  },
  'retry-storm': {
    title: 'Retry storm',
    description: 'Callers of a component give up sooner and try more often.',
    targets: ['service', 'store'],
    settings: {
      timeoutFactor: setting('ratio', 0.5, [0.01, 1], 'Timeouts times.', false),
      retries: setting('count', 3, [0, 20], 'Retries added.', false),
    },
  },
  'noisy-neighbour': {
    title: 'Noisy neighbour',
    description: 'Another tenant takes CPU of the nodes.',
    targets: ['node', 'zone', 'cluster', 'service'],
    settings: { ratio: setting('ratio', 0.5, [0, 0.99], 'Share of the cores taken.') },
  },
} as const satisfies Readonly<Record<string, FaultKindDefinition>>;
