/**
 * The document behind `GET simulation-runs/{id}/report`, of which the API's own schema names only what readers rely on:
 * the rest is described in docs/dsim.md. Here is what the page shows. Null where a number does not exist; times are
 * seconds since the start of the run, money is US dollars, shares are 0 to 1.
 */
export interface RunReport {
  readonly scenario: { readonly name: string; readonly title: string; readonly teaches: string };
  readonly run: {
    /** ISO 8601. */
    readonly start: string;
    readonly seconds: number;
    readonly complete: boolean;
  };
  readonly expectations: readonly ExpectationResult[];
  readonly totals: {
    readonly offered: number;
    readonly failed: number;
    readonly errorRatio: number | null;
    readonly restarts: number;
    readonly oomKills: number;
    readonly maxUnschedulablePods: number;
    readonly cost: number;
    readonly costPerHour: number | null;
  };
  readonly entryPoints: readonly EntryPointReport[];
  readonly slos: readonly SloReport[];
  readonly faults: readonly FaultReport[];
  readonly services: readonly ServiceReport[];
  readonly queues: readonly { readonly name: string; readonly maxLag: number; readonly finalLag: number }[];
  readonly history: HistoryReport;
}

interface ExpectationResult {
  readonly title: string;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly reason: string;
}

interface EntryPointReport {
  readonly name: string;
  readonly meanRate: number | null;
  readonly errorRatio: number | null;
  readonly latency: { readonly p50: number | null; readonly p99: number | null; readonly p999: number | null };
}

interface SloReport {
  readonly name: string;
  readonly entryPoint: string;
  readonly objective: number;
  /** Null: errors count alone. */
  readonly latency: number | null;
  readonly badRatio: number | null;
  readonly budgetSpent: number | null;
  readonly harmSeconds: number;
  readonly harmCount: number;
  readonly harms: readonly { readonly from: number; readonly to: number | null }[];
}

interface FaultReport {
  readonly name: string;
  readonly kind: string;
  readonly where: string;
  readonly from: number;
  readonly to: number | null;
  readonly harmedAt: number | null;
  readonly secondsToHarm: number | null;
  readonly secondsToRecover: number | null;
}

interface ServiceReport {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number | null;
  readonly changes: number;
  readonly restarts: number;
  readonly oomKills: number;
}

/** Point i covers `interval` seconds from i x interval. */
interface HistoryReport {
  readonly interval: number;
  readonly rate: readonly (number | null)[];
  readonly errorRatio: readonly (number | null)[];
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly replicas: readonly (number | null)[];
  readonly costRate: readonly (number | null)[];
}
