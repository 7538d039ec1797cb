/** An alerting rule of Prometheus, as far as evaluating it needs. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** Milliseconds. */
  readonly forMs: number;
  readonly keepFiringMs: number;
  /** Milliseconds between two evaluations. */
  readonly intervalMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule that makes series, which alerts may read. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  /** Milliseconds between two evaluations. */
  readonly intervalMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RuleFile {
  /** In reports. */
  readonly name: string;
  readonly alerts: readonly AlertRule[];
  readonly records: readonly RecordingRule[];
}
