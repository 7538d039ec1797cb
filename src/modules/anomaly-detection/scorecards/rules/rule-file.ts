import { parse } from 'yaml';
import type { AlertRule, RecordingRule, RuleFile } from '../../../../engine/scorecard/alerts/alert-rule.js';
import { durationMs, readsOf } from '../../../../engine/scorecard/alerts/read-by-rules.js';
import { InvalidRulesError } from './rules.errors.js';

interface RawRule {
  readonly alert?: unknown;
  readonly record?: unknown;
  readonly expr?: unknown;
  readonly for?: unknown;
  readonly keep_firing_for?: unknown;
  readonly labels?: Readonly<Record<string, unknown>> | null;
}

interface RawGroup {
  readonly interval?: unknown;
  readonly rules?: readonly RawRule[] | null;
}

/** Written by Prometheus itself while it evaluates rules. */
const OWN_SERIES = ['ALERTS', 'ALERTS_FOR_STATE'];

/**
 * A rule file that promtool has found valid.
 *
 * @param stepMs milliseconds between two scrapes: rules are evaluated so often where their group says nothing, and never
 *   more often
 * @throws InvalidRulesError where there is no alert in it, or one that cannot be known from telemetry
 */
export function readRuleFile(name: string, text: string, stepMs: number): RuleFile {
  const groups = groupsOf(name, text);
  const alerts: AlertRule[] = [];
  const records: RecordingRule[] = [];
  for (const { interval, rules } of groups) {
    const intervalMs = Math.max(stepMs, durationOf(interval) || stepMs);
    for (const rule of Array.isArray(rules) ? (rules as readonly RawRule[]) : []) {
      const expr = String(rule.expr);
      const labels = Object.fromEntries(Object.entries(rule.labels ?? {}).map(([key, value]) => [key, String(value)]));
      if (rule.record !== undefined) records.push({ record: String(rule.record), expr, intervalMs, labels });
      if (rule.alert === undefined) continue;
      alerts.push({
        alert: String(rule.alert),
        expr,
        forMs: durationOf(rule.for),
        keepFiringMs: durationOf(rule.keep_firing_for),
        intervalMs,
        labels,
      });
    }
  }
  if (alerts.length === 0) throw new InvalidRulesError(name, `${name} has no alerting rule.`);
  const own = alerts.find(({ expr }) => OWN_SERIES.some((one) => expr.includes(one) && readsOf([expr]).reads(one)));
  if (own !== undefined) {
    throw new InvalidRulesError(
      name,
      `${name}: the alert ${own.alert} reads ALERTS, which Prometheus writes while it evaluates rules; of recorded telemetry it is not known. Leave that alert out.`,
    );
  }
  return { name, alerts, records };
}

function groupsOf(name: string, text: string): readonly RawGroup[] {
  let document: unknown;
  try {
    // Aliases that multiply are no rules.
    document = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new InvalidRulesError(name, `${name} is no YAML: ${(error as Error).message.split('\n')[0]!}`);
  }
  const groups = (document as { groups?: unknown } | null)?.groups;
  if (!Array.isArray(groups)) {
    throw new InvalidRulesError(name, `${name} is no rule file of Prometheus: it has no list of \`groups\`.`);
  }
  return groups.filter((group): group is RawGroup => typeof group === 'object' && group !== null);
}

/** 0 where nothing is given. */
function durationOf(given: unknown): number {
  return given === undefined || given === null ? 0 : durationMs(String(given as string));
}
