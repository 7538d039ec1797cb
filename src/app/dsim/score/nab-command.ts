import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readNabSeries, runNabSeries, type NabSeries } from '../../../engine/scorecard/nab-run.js';
import { nabScore, type NabScore } from '../../../engine/scorecard/nab-score.js';
import { nestedNabScore, type NestedNabScore } from '../../../engine/scorecard/nab-nested.js';
import { EXIT } from '../exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import { table, wrap } from '../terminal/words.js';
import { UsageError, withFile } from '../usage-error.js';
import { DETECTOR_NAMES, makeDetector, type DetectorName } from './detectors.js';
import type { ScoreOptions } from './score-options.js';
import { createScoreProgress } from './score-progress.js';

/** Where the windows stand: in this folder as we keep it, and in the benchmark's own repository. */
const WINDOWS = ['windows.json', 'combined_windows.json', 'labels/combined_windows.json'];

interface NabRow {
  readonly detector: DetectorName;
  readonly standard: NabScore;
  readonly lowFalsePositives: NabScore;
  readonly lowFalseNegatives: NabScore;
  readonly nested: NestedNabScore;
  /** Score 1.0 as the threshold: what the service does. */
  readonly atBoundary: NabScore;
}

/** `dsim score --nab DIR`: the Numenta Anomaly Benchmark by its own rules, the shipped detector beside the baselines. */
export async function scoreNab(options: ScoreOptions, terminal: Terminal): Promise<number> {
  const files = readFolder(options.nab!);
  const names = options.detectors.length > 0 ? options.detectors : DETECTOR_NAMES;
  const progress = createScoreProgress(terminal, !options.quiet, () => performance.now());
  const rows: NabRow[] = [];
  for (const [i, name] of names.entries()) {
    rows.push(await scoreDetector(name, files, options, (share) => progress.update((i + share) / names.length)));
  }
  progress.clear();
  const json = `${JSON.stringify({ files: files.length, rows }, (_, value: unknown) => (value === Infinity ? null : value), 2)}\n`;
  const text = nabText(files, rows, terminal.columns);
  if (options.out !== undefined) {
    const { out } = options;
    withFile(`${out} cannot be written`, () => {
      writeFileSync(join(out, 'nab.json'), json);
      writeFileSync(join(out, 'nab.txt'), text);
    });
  }
  if (options.json) terminal.out(json);
  else if (!options.quiet) terminal.out(text);
  return EXIT.ok;
}

async function scoreDetector(
  name: DetectorName,
  files: readonly NabSeries[],
  { falseAlarmsPerWeek }: ScoreOptions,
  progress: (share: number) => void,
): Promise<NabRow> {
  const { detector, run } = makeDetector({ title: name, detector: name, falseAlarmsPerWeek, surprise: true });
  const runs = [];
  for (const [i, file] of files.entries()) {
    runs.push(await runNabSeries(detector, file, run));
    progress((i + 1) / files.length);
    await setImmediate();
  }
  const ranked = runs.map((each) => each.ranked);
  return {
    detector: name,
    standard: nabScore(ranked),
    lowFalsePositives: nabScore(ranked, 'lowFalsePositives'),
    lowFalseNegatives: nabScore(ranked, 'lowFalseNegatives'),
    nested: nestedNabScore([ranked]),
    atBoundary: nabScore(
      runs.map((each) => each.scored),
      'standard',
      1,
    ),
  };
}

function nabText(files: readonly NabSeries[], rows: readonly NabRow[], columns: number): string {
  const windows = files.reduce((sum, file) => sum + file.windows.length, 0);
  const cells = rows.map(({ detector, standard, lowFalsePositives, lowFalseNegatives, nested, atBoundary }) => [
    detector,
    standard.score.toFixed(1),
    lowFalsePositives.score.toFixed(1),
    lowFalseNegatives.score.toFixed(1),
    `${nested.mean.toFixed(1)} ± ${nested.deviation.toFixed(1)}`,
    `${standard.found}/${standard.windows}`,
    String(standard.falsePositives),
    `${atBoundary.found}/${atBoundary.windows}, ${atBoundary.falsePositives} outside`,
  ]);
  const head = ['detector', 'standard', 'low FP', 'low FN', 'nested', 'found', 'outside', 'at score 1.0'];
  const about =
    'standard, low FP, low FN: scores of the benchmark, with its one best threshold for all files. nested: threshold chosen on a random half of the files, scored on the other, 20 times both ways round. found, outside: windows found and detections outside of any at that threshold. The shipped detector is ranked by its surprise, the others by their score. at score 1.0: the same two where detectors page in the service, at a score of 1.0, which is calibrated to few false alarms and not to the benchmark.';
  return `${files.length} files, ${windows} windows\n\n${table([head, ...cells], '  ')}\n${wrap(about, columns, '  ')}`;
}

function readFolder(folder: string): readonly NabSeries[] {
  const file = WINDOWS.map((name) => join(folder, name)).find(existsSync);
  if (file === undefined || !existsSync(join(folder, 'data'))) {
    throw new UsageError(
      `${folder} is not the benchmark: it needs data/ and ${WINDOWS[0]!} or ${WINDOWS[2]!} (https://github.com/numenta/NAB).`,
    );
  }
  const text = withFile(`${file} cannot be read`, () => readFileSync(file, 'utf8'));
  const windows = readWindows(file, text);
  return Object.entries(windows).map(([name, spans]) => {
    const path = join(folder, 'data', name);
    const csv = withFile(`${path} cannot be read`, () => readFileSync(path, 'utf8'));
    try {
      return readNabSeries(name, csv, spans);
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  });
}

function readWindows(file: string, text: string): Record<string, [string, string][]> {
  try {
    const read = JSON.parse(text) as Record<string, [string, string][]>;
    if (Object.values(read).every((spans) => Array.isArray(spans))) return read;
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}.`);
  }
  throw new UsageError(`${file} must map the name of each file to its windows: [["from", "to"], ...].`);
}
