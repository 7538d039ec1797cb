/** What people see of a running simulation, written with every batch. Plain JSON: null where a number does not exist. */
export interface SimulationStatus {
  readonly step: number;
  readonly faults: readonly FaultStatus[];
  readonly services: readonly ServiceStatus[];
  readonly stores: readonly StoreStatus[];
  readonly entryPoints: readonly EntryPointStatus[];
  readonly slos: readonly SloStatus[];
  readonly account: AccountStatus;
  /** Names that forms offer. */
  readonly vocabulary: {
    readonly clusters: readonly string[];
    readonly regions: readonly string[];
    readonly zones: readonly string[];
    readonly clouds: readonly string[];
    readonly nodes: readonly string[];
  };
}

export interface FaultStatus {
  readonly name: string;
  readonly kind: string;
  readonly where: string;
  /** Share of its full intensity that it has now. */
  readonly level: number;
  /** Seconds from the start of the simulation. */
  readonly since: number;
  /** Null: until it is cleared. */
  readonly until: number | null;
}

export interface ServiceStatus {
  readonly name: string;
  readonly cluster: string;
  readonly version: string;
  /** The version that is being rolled out. */
  readonly updating: string | null;
  readonly ready: number;
  readonly pods: number;
  readonly desired: number;
  readonly restarts: number;
  /** Bounds of its autoscaler. */
  readonly bounds: { readonly min: number; readonly max: number } | null;
  /** Cores in use by requests. */
  readonly cpuCores: number | null;
  /** Share of the requested CPU of its ready pods. */
  readonly cpuOfRequest: number | null;
  readonly requestRate: number | null;
  readonly errorRatio: number | null;
  readonly p99: number | null;
}

export interface StoreStatus {
  readonly name: string;
  readonly kind: 'database' | 'cache' | 'queue' | 'external';
  readonly up: boolean;
  readonly requestRate: number | null;
  readonly errorRatio: number | null;
  readonly p99: number | null;
  /** In words: `2 replicas, lag 0.1 s`, `94 % hits`, `120 messages wait`. */
  readonly detail: string;
}

export interface EntryPointStatus {
  readonly name: string;
  readonly requestRate: number | null;
  readonly errorRatio: number | null;
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface SloStatus {
  readonly name: string;
  readonly entryPoint: string;
  readonly objective: number;
  /** Seconds; null: errors count alone. */
  readonly latency: number | null;
  readonly good: number;
  readonly bad: number;
  readonly budgetSpent: number | null;
  readonly harmedNow: boolean;
}

export interface AccountStatus {
  /** US dollars for nodes since the start, and for an hour as it is now. */
  readonly cost: number;
  readonly costPerHour: number | null;
  readonly nodes: number;
  readonly pods: number;
  readonly restarts: number;
  readonly oomKills: number;
  readonly unschedulablePods: number;
}
