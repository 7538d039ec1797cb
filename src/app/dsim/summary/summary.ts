import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { createRunClock } from '../terminal/local-time.js';
import type { Terminal } from '../terminal/terminal.js';
import { bytes, plural, short, spell, wrap } from '../terminal/words.js';
import { courseOfRun } from './course.js';
import { expectationLines } from './expectation-lines.js';
import { faultLines } from './fault-lines.js';
import { podLines } from './pod-lines.js';
import { sloLines } from './slo-lines.js';
import { userLines } from './user-lines.js';

export interface RunOutcome {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly truth: readonly FaultTruth[] | null;
  /** Wall-clock time that the run took. */
  readonly seconds: number;
  readonly written: { readonly path: string; readonly bytes: number } | undefined;
}

/** What a person wants to know after a run, for standard output. */
export function summarize({ scenario, report, truth, seconds, written }: RunOutcome, terminal: Terminal): string {
  const { style } = terminal;
  const { run } = report;
  const clock = createRunClock(scenario.start, scenario.timeZone);
  const pace = `${spell(run.seconds)} simulated in ${spell(Math.max(0.1, seconds))}, ${run.solver}, seed ${run.seed}`;
  const parts = [
    wrap(`${style.bold(report.scenario.title)}, ${style.dim(pace)}`, terminal.columns),
    courseOfRun(report, clock, terminal),
    wrap(billLine(report), terminal.columns, '  '),
    userLines(report, terminal),
    podLines(report, terminal),
    sloLines(report, terminal),
    faultLines(report, truth, clock, terminal),
    expectationLines(report, terminal),
    written === undefined
      ? ''
      : wrap(
          `Written to ${written.path}: ${bytes(written.bytes)}. README.txt in it says what is what.`,
          terminal.columns,
        ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function billLine({ totals, services }: RunReport): string {
  const changes = services.reduce((sum, service) => sum + service.changes, 0);
  const facts = [
    `${short(totals.offered)} requests`,
    `${totals.cost.toFixed(2)} USD for nodes`,
    plural(changes, 'scaling decision'),
    ...(totals.restarts > 0 ? [`${plural(totals.restarts, 'restart')} (${totals.oomKills} out of memory)`] : []),
    ...(totals.maxUnschedulablePods > 0 ? [`up to ${plural(totals.maxUnschedulablePods, 'pod')} without a node`] : []),
  ];
  return facts.join(', ');
}
