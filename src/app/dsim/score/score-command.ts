import { scoreCard } from '../../../engine/scorecard/score-card.js';
import { DEFAULT_SCORE_RULES, type ScoreCard, type ScoredRun } from '../../../engine/scorecard/score-card.types.js';
import { NO_GRACE } from '../../../engine/scorecard/score-recording.js';
import { AbortedError } from '../../../engine/scorecard/watch-simulation.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { EXIT, SIGNAL_EXIT } from '../exit-code.js';
import { listenForInterrupt } from '../run/interrupt.js';
import { checkWritable } from '../run/junit-file.js';
import { readScenario } from '../scenario/read-scenario.js';
import type { Terminal } from '../terminal/terminal.js';
import { UsageError } from '../usage-error.js';
import { SHIPPED_DETECTOR, type DetectorChoice } from './detectors.js';
import { doUnits, type UnitHooks } from './do-units.js';
import { judgeGates } from './gates.js';
import { writeReports } from './report-score.js';
import { readScoreOptions, type ScoreOptions } from './score-options.js';
import { createScoreProgress } from './score-progress.js';
import type { ScoreUnit } from './score-work.js';
import { makeScoreFolder } from './score-files.js';

/** Calm days before anything counts, so that daily seasons can be learned. */
const WARM_UP_DAYS = 2;

/** Of the work, what rules take where detectors are scored too. */
const RULES_SHARE = 0.3;

/** `dsim score`: what detectors and alert rules find of what is known to be wrong, and what they say besides. */
export async function scoreCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readScoreOptions(args);
  if (options.out !== undefined) makeScoreFolder(options.out);
  if (options.junit !== undefined) checkWritable(options.junit);
  if (options.mode === 'nab') return (await import('./nab-command.js')).scoreNab(options, terminal);
  const interrupt = listenForInterrupt(
    () => undefined,
    () => performance.now(),
  );
  const progress = createScoreProgress(terminal, !options.quiet, () => performance.now());
  const hooks: UnitHooks = {
    progress: (share) => progress.update(share),
    signal: {
      get aborted() {
        return interrupt.signal !== null;
      },
    },
  };
  try {
    const choices = await readChoices(options);
    const runs =
      options.mode === 'csv'
        ? await (await import('./csv-mode.js')).scoreCsv(options, choices, hooks)
        : await scoreScenarios(options, choices, hooks);
    progress.clear();
    const card = scoreCard(runs, options.mode === 'csv' ? NO_GRACE : DEFAULT_SCORE_RULES);
    writeReports(card, options, terminal);
    return exitCode(card, options);
  } catch (error) {
    progress.clear();
    if (!(error instanceof AbortedError)) throw error;
    terminal.err('Broken off; nothing was kept.\n');
    return SIGNAL_EXIT[interrupt.signal ?? 'SIGINT'];
  } finally {
    interrupt.release();
  }
}

async function readChoices(options: ScoreOptions): Promise<readonly DetectorChoice[]> {
  const { detectors, falseAlarmsPerWeek, configs, rules } = options;
  const named = detectors.length > 0 || configs.length > 0 || rules.length > 0 ? detectors : [SHIPPED_DETECTOR];
  const choices: DetectorChoice[] = named.map((detector) => ({ title: detector, detector, falseAlarmsPerWeek }));
  if (configs.length === 0) return choices;
  const { readConfig } = await import('./read-config.js');
  const configured = configs.map(async (file): Promise<DetectorChoice> => {
    const { name, settings } = await readConfig(file);
    return {
      title: `${SHIPPED_DETECTOR} (${name})`,
      detector: SHIPPED_DETECTOR,
      falseAlarmsPerWeek: settings.falseAlarmsPerWeek,
      knobs: settings,
    };
  });
  return [...choices, ...(await Promise.all(configured))];
}

async function scoreScenarios(
  options: ScoreOptions,
  choices: readonly DetectorChoice[],
  hooks: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const scenarios = options.scenarios.map((name) => readScenario(name));
  const units = scenarios.flatMap((scenario) => unitsOf(scenario, options, choices));
  if (options.rules.length === 0) return doUnits(units, options.jobs, hooks);
  const { openRules } = await import('./rules/open-rules.js');
  const { scoreRules } = await import('./rules/score-rules.js');
  // What is wrong with the rules is said before the long work.
  const rules = await openRules(options.rules);
  const ofRules = choices.length === 0 ? 1 : RULES_SHARE;
  const part = (from: number, share: number): UnitHooks => ({
    signal: hooks.signal,
    progress: (done) => hooks.progress(from + share * done),
  });
  const ours = choices.length === 0 ? [] : await doUnits(units, options.jobs, part(0, 1 - ofRules));
  return [...ours, ...(await scoreRules(units, rules, part(1 - ofRules, ofRules)))];
}

function unitsOf(
  scenario: Scenario,
  { mode, seeds, kinds, perKind, days, warmUpDays }: ScoreOptions,
  choices: readonly DetectorChoice[],
): readonly ScoreUnit[] {
  if (
    mode === 'scenarios' &&
    scenario.faults.length === 0 &&
    scenario.slos.length === 0 &&
    scenario.load.length === 0
  ) {
    throw new UsageError(`${scenario.name} has no load: there is nothing to score.`);
  }
  const faults = mode === 'faults' ? { kinds, perKind, days, warmUpDays: warmUpDays ?? WARM_UP_DAYS } : null;
  const warmUpSeconds = warmUpDays === undefined ? undefined : warmUpDays * 86_400;
  return (seeds.length === 0 ? [scenario.seed] : seeds).map((seed) => ({
    scenario,
    seed,
    choices,
    faults,
    warmUpSeconds,
  }));
}

function exitCode({ detectors: [first] }: ScoreCard, { minRecall, maxFalseAlarms }: ScoreOptions): number {
  if (first === undefined) return EXIT.ok;
  const gates = judgeGates(first, { minRecall, maxFalseAlarms });
  return gates.every(({ failure }) => failure === null) ? EXIT.ok : EXIT.expectation;
}
