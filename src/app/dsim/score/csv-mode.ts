import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { scoreRecording, type Recording } from '../../../engine/scorecard/score-recording.js';
import type { LabelledStretch, ScoredRun } from '../../../engine/scorecard/score-card.types.js';
import { METRIC_NAME_LABEL } from '../../../kernel/time-series.js';
import { withFile } from '../usage-error.js';
import { makeWatcher, type DetectorChoice } from './detectors.js';
import type { UnitHooks } from './do-units.js';
import { checkOverlap, readCsvSeries, readCsvWindows } from './read-csv.js';
import { readJsonLines } from './read-json-lines.js';
import type { ScoreOptions } from './score-options.js';

/** Points that drawings show. */
const TRACE_POINTS = 480;

/** Of the work, what detectors take where rules are scored too. */
const DETECTORS_SHARE = 0.5;

/** `dsim score --csv FILE --windows FILE`: recorded series, and the stretches in which something was wrong. */
export async function scoreCsv(
  { csv, windows, rules }: ScoreOptions,
  choices: readonly DetectorChoice[],
  { signal, progress }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const read = (file: string) => withFile(`${file} cannot be read`, () => readFileSync(file, 'utf8'));
  const stretches = readCsvWindows(windows!, read(windows!));
  const recording = readRecording(csv!, read(csv!));
  checkOverlap(windows!, stretches, recording);
  const ofDetectors = rules.length === 0 ? 1 : choices.length === 0 ? 0 : DETECTORS_SHARE;
  const scoreOurs = () =>
    scoreChoices(csv!, recording, stretches, choices, { signal, progress: (share) => progress(ofDetectors * share) });
  if (rules.length === 0) return scoreOurs();
  const { openRules } = await import('./rules/open-rules.js');
  const { scoreRecordedRules } = await import('./rules/score-recorded-rules.js');
  // What is wrong with the rules is said before the long work.
  const opened = await openRules(rules);
  const ours = choices.length === 0 ? [] : await scoreOurs();
  const hooks = { signal, progress: (share: number) => progress(ofDetectors + (1 - ofDetectors) * share) };
  return [...ours, ...(await scoreRecordedRules(csv!, recording, stretches, opened, hooks))];
}

/** CSV, or series in lines of JSON. */
function readRecording(file: string, text: string): Recording {
  return /^\uFEFF?\s*\{/.test(text) ? readJsonLines(file, text) : readCsvSeries(file, text);
}

function scoreChoices(
  name: string,
  recording: Recording,
  stretches: readonly LabelledStretch[],
  choices: readonly DetectorChoice[],
  { signal, progress }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const labelled = recording.series.some(({ series }) =>
    Object.keys(series.labels).some((label) => label !== METRIC_NAME_LABEL),
  );
  // Plain columns know no pods, and nobody said which deviations are too small to matter. Series with labels go the way
  // that they go in the service.
  const watchers = choices.map((choice) =>
    makeWatcher(
      labelled ? choice : { ...choice, serviceSignals: false, minimumDeviation: 1e-9 },
      recording.stepMs,
      TRACE_POINTS,
    ),
  );
  return scoreRecording(name, recording, stretches, watchers, {
    breathe: () => setImmediate(),
    progress: (done, total) => progress(done / total),
    signal,
  });
}
