/**
 * Pods and nodes as the API server would show them, with what the kubelet knows. Plain data. Times are steps (seconds
 * since the start of the run); -1: not yet.
 */
export interface PlatformState {
  /** By slot; a slot without a pod is null and will be used again. */
  readonly pods: (Pod | null)[];
  readonly nodes: (Node | null)[];
  readonly deployments: DeploymentState[];
  /** Since the last time telemetry took them. */
  readonly events: KubernetesEvent[];
  /** Grows by one with each change of pods, nodes or replica sets: readers skip work while it stands still. */
  generation: number;
}

export type PodPhase = 'Pending' | 'Running' | 'Failed' | 'Succeeded';

/** Reasons as in `kube_pod_container_status_waiting_reason`; null: the container runs. */
export type WaitingReason = 'ContainerCreating' | 'ErrImagePull' | 'ImagePullBackOff' | 'CrashLoopBackOff' | null;

export interface Pod {
  readonly slot: number;
  /** `checkout-7d4b9c6f5-x2x9p`: deployment, pod template hash, suffix. */
  readonly name: string;
  readonly uid: string;
  readonly deployment: number;
  /** Its version is `DeploymentState.versions[version]`; moves when versions are trimmed or reordered. */
  version: number;
  /** Slot of its node; -1: not scheduled. */
  node: number;
  phase: PodPhase;
  waiting: WaitingReason;
  /** Why it cannot be scheduled; null: it can. */
  unschedulable: string | null;
  createdAt: number;
  scheduledAt: number;
  startedAt: number;
  ready: boolean;
  /** Last change of the Ready condition. */
  readySince: number;
  /** When deletion was asked for; -1: nobody did. */
  deletedAt: number;
  restarts: number;
  lastTermination: 'OOMKilled' | 'Error' | 'Completed' | null;
  /** When the next transition is due (start, readiness, end of back-off, end of grace); Infinity: none. */
  dueAt: number;
  /** Bytes leaked since the container started. */
  leaked: number;
  /** Cores that a stress process eats beside the application; absent: none. */
  stressCpu?: number;
  /** Cell of the network that it serves in; -1: none. */
  cell: number;
  /**
   * Step at which its node vanished while it served; absent or -1: it did not. As long as it is still Ready to the API
   * server, callers send requests to it, which get no answer.
   */
  lostAt?: number;
  /** IP-like label `instance` of its metrics. */
  readonly instance: string;
}

export interface Node {
  readonly slot: number;
  readonly name: string;
  readonly cluster: number;
  /** Position in `Cluster.pools`. */
  readonly pool: number;
  readonly zone: number;
  ready: boolean;
  unschedulable: boolean;
  createdAt: number;
  /** When it is Ready; while starting this lies ahead. */
  readyAt: number;
  /** Cores and bytes requested by its pods. */
  requestedCpu: number;
  requestedMemory: number;
  /** Cores taken by others (noisy neighbour, stress). */
  stolenCpu: number;
  /** Cores that its pods used in the last step. */
  usedCpu: number;
  diskUsed: number;
  /** Condition DiskPressure; absent: false. */
  diskPressure?: boolean;
  /** Seconds that its clock is off. */
  clockOffset: number;
}

export interface DeploymentState {
  /** `spec.replicas`. */
  replicas: number;
  /** Grows with each change of spec. */
  observedGeneration: number;
  /** Everything that ran or runs here, oldest first; the last is what was asked for. Trimmed to the last ten. */
  versions: DeployedVersion[];
  /** Index of the version that serves by default, and of the one being rolled out (the same when settled). */
  stable: number;
  updated: number;
  /** Canary or blue-green in progress: share of traffic of `updated`. */
  canaryWeight: number;
  /** Condition Progressing is False with reason ProgressDeadlineExceeded; absent: false. */
  progressDeadlineExceeded?: boolean;
  autoscalers: AutoscalerState[];
}

export interface DeployedVersion {
  readonly name: string;
  /** Label `pod-template-hash`. */
  readonly hash: string;
  readonly effects: {
    readonly errorRatio: number;
    readonly latencyFactor: number;
    readonly cpuFactor: number;
    readonly leakPerRequest: number;
    readonly crashAfter: number;
    readonly neverReady: boolean;
    readonly imageMissing?: boolean;
  };
}

/** What `kube_horizontalpodautoscaler_*` shows. The controller's own memory is kept beside it as plain data. */
export interface AutoscalerState {
  readonly name: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  desiredReplicas: number;
  currentReplicas: number;
  conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  currentMetrics: readonly {
    readonly name: string;
    readonly value: number;
    readonly target: number;
    readonly unit: 'utilization' | 'average' | 'value';
  }[];
  memory: unknown;
}

/** As `kubectl get events` prints them. */
export interface KubernetesEvent {
  readonly time: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly object: {
    readonly kind: 'Pod' | 'Node' | 'Deployment' | 'ReplicaSet' | 'HorizontalPodAutoscaler' | 'ScaledObject';
    readonly name: string;
  };
  readonly message: string;
  readonly cluster: number;
}
