import { mkdirSync } from 'node:fs';
import type { AlertRule, RecordingRule, RuleFile } from '../../../../engine/scorecard/alerts/alert-rule.js';
import type { ActiveSeries } from '../../../../engine/scorecard/alerts/fire-alerts.js';
import { readsOf, recordingLevels } from '../../../../engine/scorecard/alerts/read-by-rules.js';
import type { Labels } from '../../../../kernel/time-series.js';
import { OwnPrometheus } from './own-prometheus.js';
import type { RulePrograms } from './rule-programs.js';
import { InvalidRulesError } from './rules.errors.js';
import { blocksOfSamples, type WrittenSeries } from './sample-blocks.js';

/** Beside what expressions and durations say: a newest sample may be so old, an alert may be on and off. */
const MARGIN_MS = 300_000;

/** Rules of some files, and what they need. */
export interface RulePlan {
  readonly files: readonly RuleFile[];
  /** Series are recorded level by level: each reads those before. */
  readonly levels: readonly (readonly RecordingRule[])[];
  /** Whether a metric has to be there. */
  readonly reads: (metric: string) => boolean;
  /** Milliseconds of telemetry that the first evaluation needs before it, recorded series on the way included. */
  readonly lookMs: number;
  /** Milliseconds of evaluations before the first that counts, so that what is pending or fires then is known. */
  readonly pendingMs: number;
  /** Milliseconds between two evaluations, at most. */
  readonly longestIntervalMs: number;
}

/** @throws InvalidRulesError where series are made of themselves */
export function planRules(files: readonly RuleFile[]): RulePlan {
  const alerts = files.flatMap((file) => file.alerts);
  const records = files.flatMap((file) => file.records);
  const expressions = alerts.map(({ expr }) => expr);
  const { levels, circular } = recordingLevels(records, expressions);
  if (circular.length > 0) {
    throw new InvalidRulesError(
      files[0]!.name,
      `The recording rule ${circular[0]!} reads itself, directly or through others: of recorded telemetry that cannot be made. Leave it out.`,
    );
  }
  const ofLevels = levels.map((level) => readsOf(level.map(({ expr }) => expr)));
  const ofAlerts = readsOf(expressions);
  const pending = Math.max(...alerts.map(({ forMs, keepFiringMs, intervalMs }) => forMs + keepFiringMs + intervalMs));
  return {
    files,
    levels,
    reads: (metric) => ofAlerts.reads(metric) || ofLevels.some((level) => level.reads(metric)),
    lookMs: MARGIN_MS + [ofAlerts, ...ofLevels].reduce((sum, { reachMs }) => sum + reachMs, 0),
    pendingMs: MARGIN_MS + pending,
    longestIntervalMs: Math.max(...[...alerts, ...levels.flat()].map(({ intervalMs }) => intervalMs)),
  };
}

/** Of times that are not on a grid: a gap is what is longer than that many steps. */
const JITTER = 1.5;

/**
 * For how many milliseconds a sample counts as the newest one. Scrapes mark what is gone as stale; blocks made of samples
 * have no such marks, so a sample counts until the next one is due.
 *
 * @param stepMs milliseconds between two scrapes
 * @param onGrid whether all times are whole steps apart
 */
export function freshFor({ levels, longestIntervalMs }: RulePlan, stepMs: number, onGrid: boolean): number {
  const longest = levels.length === 0 ? stepMs : Math.max(stepMs, longestIntervalMs);
  return onGrid ? longest - 1 : JITTER * longest;
}

export interface Evaluation {
  readonly programs: RulePrograms;
  /** Empty, for what is needed in between. */
  readonly folder: string;
  /** Blocks of telemetry, to which recorded series are added. */
  readonly data: string;
  /** Evaluations from and to here. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds for which a sample counts as the newest one. */
  readonly lookbackMs: number;
  readonly progress?: (share: number) => void | Promise<void>;
  /** Asked before every query: throws to break off. */
  readonly check?: () => void;
}

/** When the expression of each alert had a result. */
export type ActiveAlerts = ReadonlyMap<AlertRule, readonly ActiveSeries[]>;

/** Records what alerts need, then evaluates all alerts of all files. */
export async function evaluateRules(plan: RulePlan, evaluation: Evaluation): Promise<ActiveAlerts> {
  const { programs, folder, data, from, to, lookbackMs, progress, check } = evaluation;
  mkdirSync(folder, { recursive: true });
  const alerts = plan.files.flatMap((file) => file.alerts);
  const total = alerts.length + plan.levels.reduce((sum, level) => sum + level.length, 0);
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    await progress?.(done / total);
  };
  const start = () => OwnPrometheus.start({ prometheus: programs.prometheus, folder, data, lookbackMs });
  for (const level of plan.levels) {
    const server = await start();
    const made = new Map<string, MadeSeries>();
    try {
      for (const rule of level) {
        check?.();
        const range = { from: from - plan.lookMs, to, stepMs: rule.intervalMs };
        await server.evaluate(rule.expr, range, (labels, points) => {
          const series = seriesOf(made, { ...labels, ...rule.labels, __name__: rule.record });
          for (const [at, value] of points) {
            series.times.push(at);
            series.values.push(value);
          }
        });
        await step();
      }
    } finally {
      await server.stop();
    }
    await blocksOfSamples(programs.promtool, folder, data, made.values());
  }
  const active = new Map<AlertRule, readonly ActiveSeries[]>();
  const server = await start();
  try {
    for (const rule of alerts) {
      check?.();
      const byLabels = new Map<string, { readonly labels: Labels; readonly times: number[] }>();
      await server.evaluate(rule.expr, { from, to, stepMs: rule.intervalMs }, (labels, points) => {
        const key = keyOf(labels);
        const known = byLabels.get(key) ?? { labels, times: [] };
        byLabels.set(key, known);
        for (const [at] of points) known.times.push(at);
      });
      active.set(rule, [...byLabels.values()]);
      await step();
    }
  } finally {
    await server.stop();
  }
  return active;
}

interface MadeSeries extends WrittenSeries {
  readonly times: number[];
  readonly values: string[];
}

function seriesOf(made: Map<string, MadeSeries>, labels: Labels): MadeSeries {
  const key = keyOf(labels);
  const series = made.get(key) ?? { labels, times: [], values: [] };
  made.set(key, series);
  return series;
}

/** Of a label set. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
