import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { scoreRecording } from '../../../engine/scorecard/score-recording.js';
import type { ScoredRun } from '../../../engine/scorecard/score-card.types.js';
import { withFile } from '../usage-error.js';
import { SHIPPED_DETECTOR, makeWatcher, type DetectorChoice } from './detectors.js';
import { checkOverlap, readCsvSeries, readCsvWindows } from './read-csv.js';
import type { ScoreOptions } from './score-options.js';

/** Points that drawings show. */
const TRACE_POINTS = 480;

/** `dsim score --csv FILE --windows FILE`: recorded series, and the stretches in which something was wrong. */
export async function scoreCsv(
  options: ScoreOptions,
  choices: readonly DetectorChoice[],
): Promise<readonly ScoredRun[]> {
  const { csv, windows, falseAlarmsPerWeek } = options;
  const read = (file: string) => withFile(`${file} cannot be read`, () => readFileSync(file, 'utf8'));
  const recording = readCsvSeries(csv!, read(csv!));
  const stretches = readCsvWindows(windows!, read(windows!));
  checkOverlap(windows!, stretches, recording);
  const all: readonly DetectorChoice[] =
    choices.length > 0 ? choices : [{ title: SHIPPED_DETECTOR, detector: SHIPPED_DETECTOR, falseAlarmsPerWeek }];
  // A file knows no pods; and nobody said which deviations are too small to matter.
  const watchers = all.map((choice) =>
    makeWatcher({ ...choice, serviceSignals: false, minimumDeviation: 1e-9 }, recording.stepMs, TRACE_POINTS),
  );
  return scoreRecording(csv!, recording, stretches, watchers, { breathe: () => setImmediate() });
}
