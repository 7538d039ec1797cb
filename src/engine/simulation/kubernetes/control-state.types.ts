import type { FaultKind } from '../../scenario/fault.types.js';
import type { HpaState } from '../../scaling/hpa/hpa-status.types.js';
import type { ScaledObjectState } from '../../scaling/keda/scaled-object-state.types.js';
import type { RandomStream } from '../random/random.js';
import type { ActiveFault } from '../timeline/active-fault.types.js';

/** What the control plane remembers beside what the API server shows. Plain data. Times are steps. */
export interface ControlState {
  readonly seed: number;
  /** Suffixes and uids of pods, in the order of their creation. */
  readonly names: RandomStream;
  /** No pod has a transition due before this step. */
  nextDue: number;
  /** No deployment waits for its time (pauses, delays) before this step. */
  nextSync: number;
  /** No node has a transition due before this step. */
  nextNodeDue: number;
  /** Slots of pods without a node, in the order of their creation. */
  readonly pending: number[];
  /** Something changed since the scheduler looked last. */
  schedulable: boolean;
  /** By slot, as in `PlatformState`. */
  readonly pods: (PodMemory | null)[];
  readonly freePods: number[];
  readonly nodes: (NodeMemory | null)[];
  readonly freeNodes: number[];
  readonly deployments: DeploymentMemory[];
  readonly clusters: ClusterMemory[];
  /** Cells whose `killed` is not zero. */
  readonly killedCells: number[];
  /** Per cell: server seconds up to `serversSince`, from which the present servers count. */
  readonly serverSeconds: Float64Array;
  readonly serversSince: Int32Array;
  /** Per cell: requests that had arrived a step ago; kept while the deployment leaks. */
  readonly arrivedBefore: Float64Array;
  /** Faults in force that are the business of the platform, in order of their start. */
  faults: FaultMemory[];
  /** `timeline.active` as it was acted upon last. */
  seen: readonly ActiveFault[];
  /** What metrics-server knows. */
  readonly usage: UsageMemory;
  /** What the kernels' schedulers share by. */
  readonly shares: UsageMemory;
  readonly answers: AnswerMemory;
  /** A node is short of CPU, so shares are looked at more often. */
  contended: boolean;
}

/** How requests fared lately, by cell, of services whose readiness probes wait in line with them. */
export interface AnswerMemory {
  /** Counters a step ago. */
  readonly arrived: Float64Array;
  readonly finished: Float64Array;
  readonly rejected: Float64Array;
  /** Requests finished per second, all servers together; NaN: not measured yet. */
  readonly rate: Float64Array;
  /** Share that found no room in the last second. */
  readonly refused: Float64Array;
}

/**
 * `lost`: its node is gone, though the API server may not know yet. `failed`: evicted by the kubelet, kept for a while
 * as `kubectl get pods` would show it. `pull-failed`: between two tries to get an image that does not exist.
 */
export type PodStage =
  'pending' | 'creating' | 'pull-failed' | 'starting' | 'running' | 'back-off' | 'terminating' | 'lost' | 'failed';

export interface PodMemory {
  stage: PodStage;
  /** When the stage ends; Infinity: by itself never. */
  stageDueAt: number;
  /** When the container exits by a defect; Infinity: never. */
  crashAt: number;
  /** The container's image is being pulled for it. */
  pulling: boolean;
  /** Seconds that the next crash has to wait; 0: it restarts at once. Before the first start: after a failed pull. */
  backOff: number;
  /** When `backOff` was set: the last restart. */
  backOffAt: number;
  /** The cluster autoscaler said that no pool can help it. */
  hopeless: boolean;
  /** Cores that its node has for it when the node is short of them; Infinity: as many as it likes. */
  cores: number;
  /** Seconds within the period at which its kubelet probes it. */
  readonly probePhase: number;
  /** Readiness probes in a row that failed while it was Ready, and that succeeded while it was not. */
  probesFailed: number;
  probesPassed: number;
  /** When a pod that gets no requests any more will have worked off what it had; only then are probes answered in time. */
  answersAt: number;
  readonly effects: PodEffects;
}

/** What faults do to one pod. */
export interface PodEffects {
  errorRatio: number;
  /** Cores eaten beside the application. */
  stress: number;
  /** Takes nothing any more. */
  stuck: boolean;
  /** Bytes per second. */
  leak: number;
  /** Seconds that a container lives; Infinity: no fault shortens it. */
  crashAfter: number;
  /** When that fault began: containers that were running then count from there. */
  crashSince: number;
}

export interface NodeMemory {
  /** Step at which an image is on the node, by `service:version`. */
  readonly images: Record<string, number>;
  /** Pods bound to it. */
  pods: number;
  /** Its pods have less CPU than their limits. */
  constrained: boolean;
  /** Sum of their CPU limits, each at most the node's cores. */
  limits: number;
  /** Step at which it vanished; -1: it is there. */
  lostAt: number;
  /** Seconds after NotReady until its pods are given up. */
  eviction: number;
  evicted: boolean;
  /** A drain is asking its pods to go. */
  draining: boolean;
  /** The cluster autoscaler is taking it away. */
  removing: boolean;
  /** Since when the cluster autoscaler could do without it; -1: it is needed. */
  unneededSince: number;
  /** Bytes on its disk in the best of times. */
  readonly diskBase: number;
  /** The kubelet evicts no pod before this step. */
  nextEviction: number;
}

export interface DeploymentMemory {
  /** Slots of its pods in the order of their creation. */
  readonly pods: number[];
  /** Parallel to `DeploymentState.versions`. */
  readonly replicaSets: ReplicaSetMemory[];
  readonly rollout: RolloutMemory;
  /** Templates that it has had: makes hashes of restarts differ. */
  revision: number;
  needsSync: boolean;
  /** Time of the next look though nothing happens; Infinity: none. */
  syncAt: number;
  needsCells: boolean;
  /** Faults in force have an effect on any of its pods. */
  affected: boolean;
  /** Pods came while faults are in force. */
  needsEffects: boolean;
  /** By slot of the station: hash of the version that it belongs to; null: never used. */
  readonly owners: (string | null)[];
  /** CPU seconds per second of work, by the mix of operations. */
  cpuPerWork: number;
  /** Work times, by `dependency-slow`. */
  workFactor: number;
  /** Any pod leaks now. */
  leaking: boolean;
  /** Step at which `ControlState.arrivedBefore` was written for its cells; -1: never. */
  leakMeasuredAt: number;
  /** Largest `Pod.leaked`. */
  maxLeaked: number;
  /** Marks of the last minute, the newest last; null: no autoscaler asks for them. */
  readonly marks: SignalMark[] | null;
  /** Arrivals by operation when `cpuPerWork` was looked at last. */
  readonly mix: Float64Array;
}

export interface ReplicaSetMemory {
  /** `spec.replicas`. */
  replicas: number;
  /** `deployment.kubernetes.io/max-replicas`: what the proportions of a scaling refer to. */
  maxReplicas: number;
}

export interface RolloutMemory {
  /** `spec.replicas` of the deployment at its last sync, to notice scaling. */
  replicas: number;
  /** Canary: position in the steps. */
  step: number;
  /** When the pause of the step began; -1: its pods are not ready yet. */
  pausedSince: number;
  /** Skip steps and delays: a roll-back. */
  fast: boolean;
  /** When all traffic went to the new version; -1: not yet. The old one is kept for a moment. */
  switchedAt: number;
  /** Asked by hand to go on. */
  promoted: boolean;
  /** Last time a new pod became ready or an old one went. */
  progressAt: number;
  /** New ready and old pods at that time. */
  progress: number;
}

export interface ClusterMemory {
  nextScan: number;
  lastScaleUp: number;
  /** By pool: next number in the names of nodes. */
  readonly ordinals: number[];
}

/** A fault that the platform has seen. */
export interface FaultMemory {
  readonly name: string;
  readonly kind: FaultKind;
  readonly since: number;
  /** By uid: pods that it has taken hold of, where it takes only a share. */
  pods: Record<string, true>;
  /** By name: nodes that it has taken hold of. */
  readonly nodes: Record<string, true>;
  /** Pod kill: next strike; Infinity: none. */
  nextStrike: number;
  strikes: number;
}

/** Use of CPU over the last windows, per cell. */
export interface UsageMemory {
  /** End of the window. */
  measuredAt: number;
  /** Counters at its end. */
  readonly cpuSeconds: Float64Array;
  readonly serverSeconds: Float64Array;
  /** Cores per server over the window; NaN: nothing was measured. */
  readonly cores: Float64Array;
  /** Requests in a server at its end. */
  readonly held: Float64Array;
}

/** Counters of a service's station at one time. */
export interface SignalMark {
  readonly step: number;
  readonly arrived: number;
  readonly finished: number;
  readonly failed: number;
  /** Finished requests by duration, one more than there are bounds. */
  readonly buckets: Float64Array;
}

/** What an autoscaler's controller remembers: `AutoscalerState.memory`. */
export type AutoscalerMemory = WarningMemory &
  ({ readonly kind: 'hpa'; state: HpaState } | { readonly kind: 'keda'; state: ScaledObjectState; nextPoll: number });

/** The last warning that was told, so that one that lasts is not told at every sync. */
export interface WarningMemory {
  warning: string;
  warnedAt: number;
}
