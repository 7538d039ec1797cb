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
}

export interface SloAccount {
  readonly name: string;
  good: number;
  bad: number;
  /** Stretches in which the share of bad requests was above what the objective allows, merged over gaps of a minute. */
  readonly harms: Harm[];
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
  changes: number;
}
