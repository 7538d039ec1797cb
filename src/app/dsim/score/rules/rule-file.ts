import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { UsageError, withFile } from '../../usage-error.js';

/** An alerting rule, as far as evaluating it needs. */
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

export interface RuleFile {
  readonly path: string;
  readonly alerts: readonly AlertRule[];
  /** Rules that record series, which alerts may read. */
  readonly records: number;
}

interface RawRule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr?: string | number;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Prometheus' own default (`global.evaluation_interval`). */
const DEFAULT_INTERVAL = 60_000;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** A rule file that promtool has found valid. */
export function readRuleFile(path: string): RuleFile {
  const text = withFile(`${path} cannot be read`, () => readFileSync(path, 'utf8'));
  const document = parse(text) as { groups?: readonly { interval?: string; rules?: readonly RawRule[] }[] } | null;
  const alerts: AlertRule[] = [];
  let records = 0;
  for (const { interval, rules = [] } of document?.groups ?? []) {
    for (const rule of rules) {
      if (rule.alert === undefined) {
        records += 1;
        continue;
      }
      alerts.push({
        alert: rule.alert,
        expr: String(rule.expr),
        forMs: duration(rule.for) ?? 0,
        keepFiringMs: duration(rule.keep_firing_for) ?? 0,
        intervalMs: duration(interval) ?? DEFAULT_INTERVAL,
        labels: rule.labels ?? {},
      });
    }
  }
  if (alerts.length === 0) throw new UsageError(`${path} has no alerting rule.`);
  return { path, alerts, records };
}

/** `1h30m` as Prometheus writes it, in milliseconds; undefined where there is none. */
export function duration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let total = 0;
  for (const [, count, unit] of String(text).matchAll(/(\d+)(ms|[smhdwy])/g)) total += Number(count) * UNITS[unit!]!;
  return total;
}
