import type { Bound, ExpectationSpec } from '../../scenario/expectation.types.js';
import type { SolverName } from '../model/solver.types.js';

/** Version of the report's form; a field that goes or changes its meaning makes a new one. */
export const REPORT_VERSION = 1;

/**
 * What a run did, as plain JSON: null where a number does not exist (no traffic, not over, never). Times are seconds
 * since the start of the run, money is US dollars, shares are 0 to 1. Numbers have nine significant digits.
 */
export interface RunReport {
  readonly version: typeof REPORT_VERSION;
  readonly scenario: { readonly name: string; readonly title: string; readonly teaches: string };
  readonly run: RunFacts;
  /** `fail` if any expectation failed, else `unknown` if any could not be judged, else `pass`. */
  readonly verdict: Verdict;
  readonly expectations: readonly ExpectationResult[];
  readonly totals: Totals;
  readonly entryPoints: readonly EntryPointReport[];
  readonly slos: readonly SloReport[];
  readonly faults: readonly FaultReport[];
  readonly services: readonly ServiceReport[];
  readonly queues: readonly { readonly name: string; readonly maxLag: number; readonly finalLag: number }[];
  readonly history: HistoryReport;
}

export type Verdict = 'pass' | 'fail' | 'unknown';

export interface RunFacts {
  readonly seed: number;
  readonly solver: SolverName;
  /** Event time of the start, ISO 8601 in UTC. */
  readonly start: string;
  /** Simulated so far, and planned. */
  readonly seconds: number;
  readonly planned: number;
  readonly complete: boolean;
}

export interface ExpectationResult {
  readonly kind: ExpectationSpec['kind'];
  /** What was expected, in words: `replicas of checkout, most: at most 12`. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly measured: number | null;
  readonly unit: MeasureUnit;
  readonly bound: Bound;
  /** Why, with the numbers. */
  readonly reason: string;
}

export type MeasureUnit = 'ratio' | 'seconds' | 'pods' | 'changes' | 'USD' | 'times' | 'messages' | 'incidents';

export interface Totals {
  /** Users' requests (retries of users are not counted again). offered = answered + failed + waiting. */
  readonly offered: number;
  readonly answered: number;
  readonly failed: number;
  readonly waiting: number;
  readonly errorRatio: number | null;
  readonly restarts: number;
  readonly oomKills: number;
  readonly unschedulablePodSeconds: number;
  readonly maxUnschedulablePods: number;
  /** For nodes. */
  readonly cost: number;
  readonly costPerHour: number | null;
}

export interface EntryPointReport {
  readonly name: string;
  readonly offered: number;
  readonly answered: number;
  readonly failed: number;
  readonly waiting: number;
  /** Requests per second. */
  readonly meanRate: number | null;
  readonly errorRatio: number | null;
  /** How long users waited for successful answers, seconds. */
  readonly latency: {
    readonly mean: number | null;
    readonly p50: number | null;
    readonly p90: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly p999: number | null;
  };
}

export interface SloReport {
  readonly name: string;
  readonly entryPoint: string;
  readonly objective: number;
  /** Seconds; null: errors count alone. */
  readonly latency: number | null;
  readonly good: number;
  readonly bad: number;
  readonly badRatio: number | null;
  /** Share of the run's error budget that was spent; above 1 the SLO was missed. */
  readonly budgetSpent: number | null;
  readonly harmSeconds: number;
  readonly harmCount: number;
  /** At most the 1,000 longest, in order of time. */
  readonly harms: readonly HarmReport[];
}

export interface HarmReport {
  readonly from: number;
  /** First second after it; null: it went on at the end of the run. */
  readonly to: number | null;
  readonly bad: number;
  readonly total: number;
}

/** Ground truth: what was wrong, where, from when to when, and when users felt it. */
export interface FaultReport {
  readonly name: string;
  readonly kind: string;
  readonly where: string;
  readonly from: number;
  readonly to: number | null;
  readonly harmedAt: number | null;
  readonly recoveredAt: number | null;
  /** From its start until users were harmed, and from its end until nobody was any more. */
  readonly secondsToHarm: number | null;
  readonly secondsToRecover: number | null;
  /** Present where findings were given: seconds from the first harm to the first detection; null: not detected. */
  readonly detectedAfter?: number | null;
}

export interface ReplicaReport {
  /** Ready pods. */
  readonly min: number;
  readonly max: number;
  readonly mean: number | null;
  readonly final: number;
  /** Changes of the wanted count. */
  readonly changes: number;
}

export interface ServiceReport extends ReplicaReport {
  readonly name: string;
  readonly restarts: number;
  readonly oomKills: number;
  readonly unschedulablePodSeconds: number;
  readonly maxUnschedulablePods: number;
  readonly clusters: Readonly<Record<string, ReplicaReport>>;
}

/** The course of the run: point i covers `interval` seconds from i x interval, the last one what was left. */
export interface HistoryReport {
  readonly interval: number;
  /** Users' requests per second. */
  readonly rate: readonly (number | null)[];
  readonly errorRatio: readonly (number | null)[];
  /** Seconds. */
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  /** Ready pods of all services. */
  readonly replicas: readonly (number | null)[];
  /** US dollars per hour. */
  readonly costRate: readonly (number | null)[];
}

/**
 * What those who watched the run found, as far as somebody watched it: detectors and the correlation of incidents hand
 * it to `buildReport`. Without it, `detection` and `incidents` are unknown.
 */
export interface RunFindings {
  /** The first detection of a fault that counts for it, by the fault's name; one that is missing was not detected. */
  readonly detections: readonly { readonly fault: string; readonly at: number }[];
  readonly incidents: number;
}
