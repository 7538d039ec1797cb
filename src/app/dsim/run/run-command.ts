import { findingsOf } from '../../../engine/scorecard/run-findings.js';
import type { Watcher } from '../../../engine/scorecard/watcher.js';
import { buildReport } from '../../../engine/simulation/report/build-report.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import { createSimulation } from '../../../engine/simulation/simulation.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';
import { EXIT, SIGNAL_EXIT } from '../exit-code.js';
import { noteLines } from '../scenario/note-lines.js';
import { readScenario } from '../scenario/read-scenario.js';
import { summarize } from '../summary/summary.js';
import type { Terminal } from '../terminal/terminal.js';
import { spell } from '../terminal/words.js';
import { listenForInterrupt } from './interrupt.js';
import { checkWritable, writeJunit } from './junit-file.js';
import { OutputFolder } from './output-folder.js';
import { createProgress } from './progress.js';
import { RunFiles } from './run-files.js';
import { commandLine } from './command-line.js';
import { readRunOptions, type RunOptions } from './run-options.js';
import { simulate } from './simulate.js';

/** `dsim run`: simulates, writes what was asked for, says what happened, and answers by the expectations. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readRunOptions(args);
  const scenario = readScenario(options.scenario, options.overrides);
  if (!options.quiet) terminal.err(noteLines(scenario, terminal));
  const simulation = createSimulation(scenario, { seed: options.seed, solver: options.solver });
  if (options.junit !== undefined) checkWritable(options.junit);
  const folder = options.out === undefined ? null : new OutputFolder(options.out, options.force);
  const now = (): number => performance.now();
  const interrupt = listenForInterrupt(() => folder?.discard(), now);
  const progress = createProgress(terminal, !options.quiet, scenario.name, now);
  const started = now();
  try {
    const files = folder === null ? undefined : new RunFiles(folder, options.formats);
    const watcher = await watcherOf(simulation, options);
    const truth = await simulate(simulation, {
      watcher,
      sink: files?.sink ?? {},
      groundTruth:
        scenario.faults.length > 0 && (options.groundTruth ?? (folder !== null || !(options.quiet || options.json))),
      interrupted: () => interrupt.signal !== null,
      progress: (second) => progress.update(second, scenario.duration),
      now,
    });
    progress.clear();
    const report = buildReport(simulation, watcher === null ? undefined : findingsOf(simulation, watcher));
    files?.finish(report, truth, commandLine(options, report.run.seed));
    if (options.junit !== undefined) writeJunit(options.junit, report);
    const seconds = (now() - started) / 1000;
    if (options.json) terminal.out(`${JSON.stringify(report, null, 2)}\n`);
    else if (!options.quiet)
      terminal.out(
        summarize(
          { scenario, report, truth, seconds, written: files && { path: files.path, bytes: files.bytes } },
          terminal,
        ),
      );
    if (interrupt.signal === null) return report.verdict === 'pass' ? EXIT.ok : EXIT.expectation;
    terminal.err(brokenOff(report, options));
    return SIGNAL_EXIT[interrupt.signal];
  } catch (error) {
    progress.clear();
    folder?.discard();
    throw error;
  } finally {
    interrupt.release();
  }
}

/** The shipped detector, where an expectation asks what it finds, or somebody else does. */
async function watcherOf({ fleet }: Simulation, { watch }: RunOptions): Promise<Watcher | null> {
  const { expect, telemetry } = fleet.scenario;
  if (!(watch ?? expect.some(({ kind }) => kind === 'detection' || kind === 'incidents'))) return null;
  const { makeWatcher, SHIPPED_DETECTOR } = await import('../score/detectors.js');
  const choice = { title: SHIPPED_DETECTOR, detector: SHIPPED_DETECTOR, falseAlarmsPerWeek: 1 };
  return makeWatcher(choice, telemetry.scrapeInterval * 1000, 0);
}

function brokenOff({ run }: RunReport, { out }: RunOptions): string {
  const kept = out === undefined ? '' : ` What happened until then is in ${out}.`;
  return `Broken off after ${spell(run.seconds)} of ${spell(run.planned)}.${kept}\n`;
}
