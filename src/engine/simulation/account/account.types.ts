/** What the run did to users and to the bill, kept while it runs: small, whatever the simulated time. Plain data. */
export interface AccountState {
  readonly slos: SloAccount[];
  readonly faults: FaultRecord[];
  /** By service name and cluster: `checkout@eu`. */
  readonly replicas: Record<string, ReplicaAccount>;
  /** US dollars for nodes. */
  cost: number;
  restarts: number;
  oomKills: number;
  /** Pod-seconds that pods could not be scheduled. */
  unschedulableSeconds: number;
  /** Largest lag by queue name. */
  readonly maxLag: Record<string, number>;
  /** Most pods at once that had no node. */
  maxUnschedulable: number;
  /** By service name. */
  readonly services: Record<string, ServiceAccount>;
  readonly history: HistoryState;
  readonly memory: AccountMemory;
}

export interface SloAccount {
  readonly name: string;
  good: number;
  bad: number;
  /** Stretches in which the share of bad requests was above what the objective allows, merged over gaps of a minute. */
  readonly harms: Harm[];
  /** Stretches that are over, also those that are kept no longer (the 1,000 longest are), and their steps. */
  harmCount: number;
  harmSeconds: number;
}

/** Steps, [from, to). `to` -1: not over. */
export interface Harm {
  readonly from: number;
  to: number;
  bad: number;
  total: number;
}

/** The ground truth of one fault. Steps; -1: has not happened. */
export interface FaultRecord {
  readonly name: string;
  readonly kind: string;
  readonly from: number;
  to: number;
  /** What it acted on, in words of the scenario: `service checkout`, `zone eu-a`. */
  readonly where: string;
  /** First step at which users were harmed while it was in force or after it. */
  harmedAt: number;
  /** First step after its end at which nobody was harmed any more for a minute. */
  recoveredAt: number;
}

export interface ReplicaAccount {
  min: number;
  max: number;
  /** Sum over steps of ready pods. */
  podSeconds: number;
  last: number;
  /** Changes of the wanted count (`spec.replicas`). */
  changes: number;
}

/** Of a service over all its clusters. */
export interface ServiceAccount extends ReplicaAccount {
  restarts: number;
  oomKills: number;
  unschedulableSeconds: number;
  /** Most pods at once that had no node. */
  maxUnschedulable: number;
}

/**
 * The course of the run in at most `HISTORY_POINTS` points: when they are full, neighbours merge and the interval
 * doubles. Columns are filled up to `points`; each point covers `interval` steps.
 */
export interface HistoryState {
  interval: number;
  points: number;
  /** Users' requests: offered, answered, failed in the interval. */
  readonly offered: Float64Array;
  readonly ok: Float64Array;
  readonly failed: Float64Array;
  /** Latency of successful answers, seconds; NaN: there were none. */
  readonly p50: Float64Array;
  readonly p99: Float64Array;
  /** Mean ready pods of all services. */
  readonly replicas: Float64Array;
  /** Mean US dollars per hour for nodes. */
  readonly costRate: Float64Array;
  /** Where the interval in progress began, and the counters at that moment. */
  readonly base: HistoryBase;
}

export interface HistoryBase {
  step: number;
  offered: number;
  ok: number;
  failed: number;
  podSeconds: number;
  cost: number;
  readonly buckets: Float64Array;
}

/** What accounting remembers from step to step. */
export interface AccountMemory {
  /** `PlatformState.generation` that the counts below belong to; -1: none yet. */
  generation: number;
  /** By deployment: ready pods, pods without a node, `spec.replicas`. */
  readonly ready: Int32Array;
  readonly unschedulable: Int32Array;
  readonly desired: Int32Array;
  /** By slot of a pod: whose restarts were counted, and how many of them. */
  readonly podUid: string[];
  readonly podRestarts: number[];
  /** US dollars per hour for the nodes that exist. */
  costRate: number;
  /** Sum over steps of the ready pods of all services. */
  podSeconds: number;
  readonly slos: SloMemory[];
  /** Last step at which users of any SLO were harmed; -1: never. */
  lastHarmAt: number;
}

export interface SloMemory {
  /** Counters of the users' flows at the end of the last step. */
  good: number;
  finished: number;
  /** `SloAccount.good` and `bad` before each of the last 60 steps, by step modulo 60. */
  readonly goodBefore: Float64Array;
  readonly badBefore: Float64Array;
  /** Last harmed step of the open stretch, and the counters before its first; -1: none is open. */
  harmedAt: number;
  openBad: number;
  openTotal: number;
}
