import type { ActiveFault } from '../timeline/active-fault.types.js';

/** What routing remembers between steps. Plain data. */
export interface TrafficState {
  /** What the routes were last written for; they are written anew when any of it changes. */
  readonly seen: {
    active: readonly ActiveFault[] | null;
    platform: number;
    stores: number;
    /** Step of the next certificate's expiry or verdict of a health check; Infinity: none is due. */
    nextLook: number;
  };
  readonly entries: EntryShares;
  readonly leaks: ConnectionLeak[];
  /** By deployment: connections that an average pod has lost. */
  readonly leakedPerPod: Float64Array;
  readonly breakers: BreakerStates;
  readonly budgets: BudgetStates;
  /** By position of the deployment among those that shed load: requests done and arrived by the last step. */
  readonly shedding: { readonly done: Float64Array; readonly arrived: Float64Array };
}

/** By route of an entry (entries in order, routes within). */
export interface EntryShares {
  /** As configured or changed. */
  readonly configured: Float64Array;
  /** What users will reach: without clusters that fail their health check. */
  readonly target: Float64Array;
  readonly current: Float64Array;
  /** By entry: steps until the last user has noticed; 0: settled. */
  readonly remaining: Float64Array;
  /** 1: the cluster passed its last health checks. */
  readonly healthy: Uint8Array;
  /** Step at which the health checks will have noticed that it is otherwise now; Infinity: it is not. */
  readonly judgedAt: Float64Array;
}

export interface ConnectionLeak {
  readonly deployment: number;
  /** Connections per second and pod at full strength. */
  readonly rate: number;
  readonly since: number;
  readonly ramp: number;
  /** Share of the ready pods that leak. */
  readonly share: number;
  /** Seconds at full strength that an average pod has missed, because it started later. */
  readonly missed: number;
}

/** By position of the edge among those with a breaker. */
export interface BreakerStates {
  /** 0: closed, 1: open, 2: half-open. */
  readonly phase: Uint8Array;
  /** Step at which the phase began. */
  readonly since: Float64Array;
  /** Sums over the window, or since the phase began when half-open. */
  readonly attempts: Float64Array;
  readonly failed: Float64Array;
  /** The window, second by second. */
  readonly attemptsBySecond: Float64Array;
  readonly failedBySecond: Float64Array;
  readonly seenCalls: Float64Array;
  readonly seenAttempts: Float64Array;
  readonly seenFailed: Float64Array;
}

/** By position of the edge among those with a retry budget. */
export interface BudgetStates {
  readonly calls: Float64Array;
  readonly retries: Float64Array;
  readonly callsBySecond: Float64Array;
  readonly retriesBySecond: Float64Array;
  readonly seenCalls: Float64Array;
  readonly seenAttempts: Float64Array;
  readonly seenFailed: Float64Array;
}
