import { formatSeries, METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { AlertRule } from './alert-rule.js';

/** When an expression had a result for a label set: evaluation times in epoch milliseconds, ascending. */
export interface ActiveSeries {
  readonly labels: Labels;
  readonly times: readonly number[];
}

/** An alert from the moment it fires until it is resolved; null: it fired at the end. */
export interface FiredAlert {
  readonly alert: string;
  readonly labels: Labels;
  readonly subject: string;
  readonly at: number;
  readonly endedAt: number | null;
}

/**
 * What Prometheus makes of a rule's results: pending while the expression has a result at every evaluation, firing when
 * that was so for `for`, resolved with the first evaluation without one (`keep_firing_for` later, where it is given).
 *
 * @param lastEvaluation an alert that is active at it has not ended
 */
export function fireAlerts(
  rule: AlertRule,
  series: readonly ActiveSeries[],
  lastEvaluation: number,
): readonly FiredAlert[] {
  const fired: FiredAlert[] = [];
  for (const { labels, times } of series) {
    const { [METRIC_NAME_LABEL]: _name, ...kept } = labels;
    const given = fillLabels(rule.labels, kept);
    const all: Labels = { ...kept, ...given, alertname: rule.alert };
    const subject = formatSeries({ ...kept, ...given, [METRIC_NAME_LABEL]: rule.alert });
    let i = 0;
    while (i < times.length) {
      const from = times[i]!;
      let to = from;
      let at = rule.forMs === 0 ? from : Infinity;
      for (; i < times.length; i += 1) {
        // While it fires, a pause of up to `keep_firing_for` does not resolve it.
        const most = at < Infinity ? rule.intervalMs + rule.keepFiringMs : rule.intervalMs;
        if (times[i]! - to > most) break;
        to = times[i]!;
        if (at === Infinity && to - from >= rule.forMs) at = to;
      }
      if (at === Infinity) continue;
      const ended = to + rule.intervalMs + rule.keepFiringMs;
      fired.push({ alert: rule.alert, labels: all, subject, at, endedAt: ended > lastEvaluation ? null : ended });
    }
  }
  return fired.sort((a, b) => a.at - b.at);
}

/** Labels of a rule may take values of the series: `{{ $labels.job }}`. Other templates stay as they are written. */
function fillLabels(labels: AlertRule['labels'], of: Labels): Labels {
  const entries = Object.entries(labels).map(([name, text]): [string, string] => [
    name,
    text.replace(/\{\{-?\s*(?:\$labels|\.Labels)\.(\w+)\s*-?\}\}/g, (_, label: string) => of[label] ?? ''),
  ]);
  // An empty label is none.
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}
