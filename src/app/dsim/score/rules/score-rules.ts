import { setImmediate } from 'node:timers/promises';
import { join } from 'node:path';
import { alertDetections } from '../../../../engine/scorecard/alerts/alert-detections.js';
import { fireAlerts, type ActiveSeries, type FiredAlert } from '../../../../engine/scorecard/alerts/fire-alerts.js';
import type { ScoredRun } from '../../../../engine/scorecard/score-card.types.js';
import { warmUpOf } from '../../../../engine/scorecard/score-scenario.js';
import { AbortedError } from '../../../../engine/scorecard/watch-simulation.js';
import type { Labels } from '../../../../kernel/time-series.js';
import { UsageError } from '../../usage-error.js';
import type { UnitHooks } from '../do-units.js';
import { watchUnit, type ScoreUnit } from '../score-work.js';
import { asUsage, type ActiveAlerts, type RulePlan, type RulesToScore } from './open-rules.js';
import { TelemetryRecorder, type RecordedPart } from './telemetry-recorder.js';

/** Of the work with one run, what the simulation takes; the rest is evaluation. */
const SIMULATION_SHARE = 0.6;

/** Alert rules on the same score card: the user's own Prometheus evaluates them over the telemetry of the runs. */
export async function scoreRules(
  units: readonly ScoreUnit[],
  rules: RulesToScore,
  { signal, progress }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const runs: ScoredRun[] = [];
  for (const [done, unit] of units.entries()) {
    const tell = (share: number): void => progress((done + share) / units.length);
    tell(0);
    const hooks = { signal, progress: tell };
    runs.push(...(await asUsage(() => rules.tools.withRuleFolder((folder) => scoreUnit(unit, rules, folder, hooks)))));
  }
  return runs;
}

async function scoreUnit(
  unit: ScoreUnit,
  rules: RulesToScore,
  folder: string,
  { signal, progress }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const { scenario } = unit;
  const stepMs = scenario.telemetry.scrapeInterval * 1000;
  const plan = rules.planFor(stepMs);
  const counted = countedFrom(unit);
  const recorder = new TelemetryRecorder({
    makeBlocks: (file, data) => rules.tools.makeBlocks(rules.programs.promtool, file, data),
    folder: join(folder, 'telemetry'),
    reads: plan.reads,
    from: counted - plan.pendingMs - plan.lookMs,
  });
  const [run] = await watchUnit(unit, [recorder], {
    signal,
    progress: (done, total) => progress((SIMULATION_SHARE * done) / total),
    breathe: () => setImmediate(),
  });
  await recorder.makeWaiting();
  if (recorder.parts.length === 0) {
    throw new UsageError(
      `${scenario.name}: the rules read none of its series. What there is: \`dsim run\` with \`--format prom\`, and docs/telemetry.md.`,
    );
  }
  for (const { recorder: branch } of recorder.branches) await branch.makeWaiting();
  const evaluator = new RunEvaluator(rules, plan, folder, stepMs, signal);
  const total = recorder.branches.length + 1;
  let done = 0;
  const share = (of: number): void => progress(SIMULATION_SHARE + ((1 - SIMULATION_SHARE) * (done + of)) / total);
  const from = Math.max(scenario.start, counted - plan.pendingMs);
  const calm = await evaluator.evaluate(recorder.parts, { from, to: run!.to - 1 }, share);
  const said = plan.files.map((file) => ({
    name: file.name,
    ...alertDetections(
      file.alerts.flatMap((rule) => fireAlerts(rule, calm.get(rule) ?? [], run!.to - rule.intervalMs)),
      null,
    ),
  }));
  for (const { name, recorder: branch, before } of recorder.branches) {
    done += 1;
    const at = branch.parts[0]?.from;
    const to = branch.parts.at(-1)?.to;
    if (at === undefined || to === undefined) continue;
    const needed = before.filter((part) => part.to >= at - plan.lookMs);
    const active = await evaluator.evaluate([...needed, ...branch.parts], { from: at, to }, share);
    plan.files.forEach((file, i) => {
      const fired = file.alerts.flatMap((rule): readonly FiredAlert[] =>
        fireAlerts(rule, joined(calm.get(rule), active.get(rule), at, rules.tools.keyOf), to - rule.intervalMs).filter(
          (alert) => alert.at >= at,
        ),
      );
      const { anomalies, pages } = alertDetections(fired, name);
      said[i] = { ...said[i]!, anomalies: [...said[i]!.anomalies, ...anomalies], pages: [...said[i]!.pages, ...pages] };
    });
  }
  return said.map(({ name, anomalies, pages }) => ({ ...run!, detector: `rules: ${name}`, anomalies, pages }));
}

/** Evaluates over parts of a run, each time in a folder of its own that shares their blocks. */
class RunEvaluator {
  private evaluations = 0;

  constructor(
    private readonly rules: RulesToScore,
    private readonly plan: RulePlan,
    private readonly folder: string,
    private readonly stepMs: number,
    private readonly signal: UnitHooks['signal'],
  ) {}

  evaluate(
    parts: readonly RecordedPart[],
    range: { readonly from: number; readonly to: number },
    progress: (share: number) => void,
  ): Promise<ActiveAlerts> {
    const { programs, tools } = this.rules;
    const folder = join(this.folder, `evaluation-${this.evaluations}`);
    this.evaluations += 1;
    const data = join(folder, 'data');
    for (const part of parts) tools.linkBlocks(part.folder, data);
    return tools.evaluateRules(this.plan, {
      programs,
      folder,
      data,
      ...range,
      lookbackMs: tools.freshFor(this.plan, this.stepMs, true),
      progress,
      check: () => {
        if (this.signal.aborted) throw new AbortedError();
      },
    });
  }
}

/** What is counted begins here, epoch milliseconds. */
function countedFrom({ scenario, faults, warmUpSeconds }: ScoreUnit): number {
  const seconds = faults === null ? warmUpOf(scenario, warmUpSeconds) : faults.warmUpDays * 86_400;
  return scenario.start + Math.round(seconds) * 1000;
}

/** Results in the run until a fault, then in the future with it: an alert may have been pending or firing already. */
function joined(
  calm: readonly ActiveSeries[] = [],
  branch: readonly ActiveSeries[] = [],
  at: number,
  keyOf: (labels: Labels) => string,
): readonly ActiveSeries[] {
  const byLabels = new Map(branch.map((series) => [keyOf(series.labels), series]));
  for (const { labels, times } of calm) {
    const key = keyOf(labels);
    const before = times.filter((time) => time < at);
    if (before.length > 0) byLabels.set(key, { labels, times: [...before, ...(byLabels.get(key)?.times ?? [])] });
  }
  return [...byLabels.values()];
}
