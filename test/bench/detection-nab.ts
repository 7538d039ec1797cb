import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBaselineDetectors } from '../../src/engine/detection/baselines/detectors.js';
import type { Detector, GraphRunner } from '../../src/engine/detection/detector.js';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../src/engine/detection/ensemble/ensemble-settings.js';
import { DEFAULT_SURPRISE, type SurpriseSettings } from '../../src/engine/detection/novelty/surprise.js';
import { robustWindowReference } from '../../src/engine/detection/robust-window.graph.js';
import { RobustWindowDetector } from '../../src/engine/detection/robust-window.js';
import { nestedNabScore } from '../../src/engine/scorecard/nab-nested.js';
import { readNabSeries, runNabSeries, type NabRun, type NabSeries } from '../../src/engine/scorecard/nab-run.js';
import { nabScore, type NabFile } from '../../src/engine/scorecard/nab-score.js';

/** A row of the table. A learned model is one more: its detector, and what runs its graph. */
export interface NabRow {
  readonly name: string;
  readonly detector: Detector;
  readonly run: GraphRunner;
}

const NO_MODEL: GraphRunner = () => Promise.reject(new Error('This detector runs no model.'));

export function nabRows(): readonly NabRow[] {
  return [
    { name: 'channel-ensemble', detector: surprised(DEFAULT_SURPRISE), run: NO_MODEL },
    { name: 'robust-window', detector: new RobustWindowDetector() as Detector, run: robustWindowReference },
    ...createBaselineDetectors().map((detector) => ({
      name: detector.id,
      detector: detector as Detector,
      run: NO_MODEL,
    })),
  ];
}

export async function run(
  options: { readonly data: string; readonly splits: number; readonly family: boolean },
  rows: readonly NabRow[] = nabRows(),
): Promise<void> {
  const series = readFolder(options.data);
  const windows = series.reduce((sum, { windows: own }) => sum + own.length, 0);
  console.log(`${series.length} files, ${windows} windows; nested: ${options.splits} random halves, both ways round`);
  printHead();
  for (const { name, detector, run: runner } of rows) {
    const started = performance.now();
    const runs: NabRun[] = [];
    for (const one of series) runs.push(await runNabSeries(detector, one, runner));
    const points = series.reduce((sum, { values }) => sum + values.length, 0);
    const ranked = runs.map((one) => one.ranked);
    const scored = runs.map((one) => one.scored);
    printRow(name, ranked, options.splits);
    if (runs[0]!.hasSurprise) {
      printRow('  by its score alone', scored, options.splits);
      for (const channel of detector.channels)
        printRow(
          `  channel ${channel} alone`,
          runs.map(({ contributions }) => contributions[channel]!),
          options.splits,
        );
    }
    const atBoundary = nabScore(scored, 'standard', 1);
    console.log(
      `  at its boundary 1.0: ${atBoundary.found} of ${atBoundary.windows} windows, ${atBoundary.falsePositives} points outside; ` +
        `${((1000 * (performance.now() - started)) / points).toFixed(1)} µs a point, one series at a time`,
    );
  }
  await printAblation(series, options.splits);
  if (options.family) await printFamily(series, options.splits);
}

function surprised(surprise: SurpriseSettings): Detector {
  return new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, surprise }) as Detector;
}

/** Surprise without one of its parts. */
async function printAblation(series: readonly NabSeries[], splits: number): Promise<void> {
  const without: Readonly<Record<string, Partial<SurpriseSettings>>> = {
    level: { levelWeight: 0 },
    variability: { variabilityWeight: 0 },
    jump: { jumpWeight: 0 },
    season: { residualWeight: 0 },
    'time since': { returnPower: 0 },
  };
  console.log('surprise of the channel-ensemble');
  for (const [name, part] of Object.entries(without)) {
    const detector = surprised({ ...DEFAULT_SURPRISE, ...part });
    const files: NabFile[] = [];
    for (const one of series) files.push((await runNabSeries(detector, one, NO_MODEL)).ranked);
    printRow(`  without ${name}`, files, splits);
  }
}

/** What the shipped settings are worth that were not chosen on the files they are scored on. */
async function printFamily(series: readonly NabSeries[], splits: number): Promise<void> {
  const candidates: (readonly NabFile[])[] = [];
  for (const settings of surpriseFamily()) {
    const detector = surprised(settings);
    const files: NabFile[] = [];
    for (const one of series) files.push((await runNabSeries(detector, one, NO_MODEL)).ranked);
    candidates.push(files);
  }
  const plain = candidates.map((files) => nabScore(files).score).sort((a, b) => a - b);
  const { mean, deviation, ownThreshold } = nestedNabScore(candidates, splits);
  console.log(
    `channel-ensemble, ${plain.length} settings of surprise: all files ${plain[0]!.toFixed(1)} to ${plain.at(-1)!.toFixed(1)}, ` +
      `median ${plain[plain.length >> 1]!.toFixed(1)}; settings and threshold chosen on the other half ` +
      `${mean.toFixed(1)} ± ${deviation.toFixed(1)}, with the threshold of the own half ${ownThreshold.toFixed(1)}`,
  );
}

/** Around the shipped settings, two thirds and one and a half of each. */
function surpriseFamily(): readonly SurpriseSettings[] {
  const shares = [2 / 3, 1, 3 / 2];
  const { levelWeight, variabilityWeight, jumpWeight, residualWeight } = DEFAULT_SURPRISE;
  return shares.flatMap((shape) =>
    shares.flatMap((difference) =>
      [0.6, DEFAULT_SURPRISE.returnPower, 0.9].map((returnPower) => ({
        levelWeight: shape * levelWeight,
        variabilityWeight: shape * variabilityWeight,
        jumpWeight: difference * jumpWeight,
        residualWeight: difference * residualWeight,
        returnPower,
      })),
    ),
  );
}

function printHead(): void {
  const columns = ['standard', 'low FP', 'low FN', 'found', 'outside', 'nested', '±', 'own thr.'];
  console.log(`${''.padEnd(30)}${columns.map((name) => name.padStart(9)).join('')}`);
}

function printRow(name: string, files: readonly NabFile[], splits: number): void {
  const standard = nabScore(files);
  const nested = nestedNabScore([files], splits);
  const cells = [
    standard.score.toFixed(1),
    nabScore(files, 'lowFalsePositives').score.toFixed(1),
    nabScore(files, 'lowFalseNegatives').score.toFixed(1),
    String(standard.found),
    String(standard.falsePositives),
    nested.mean.toFixed(1),
    nested.deviation.toFixed(1),
    nested.ownThreshold.toFixed(1),
  ];
  console.log(`${name.padEnd(30)}${cells.map((cell) => cell.padStart(9)).join('')}`);
}

function readFolder(folder: string): readonly NabSeries[] {
  const file = ['windows.json', 'combined_windows.json', 'labels/combined_windows.json']
    .map((name) => join(folder, name))
    .find(existsSync);
  if (!file) throw new Error(`${folder} has no windows.json: give the folder of the Numenta Anomaly Benchmark`);
  const windows = JSON.parse(readFileSync(file, 'utf8')) as Record<string, [string, string][]>;
  return Object.entries(windows).map(([name, spans]) =>
    readNabSeries(name, readFileSync(join(folder, 'data', name), 'utf8'), spans),
  );
}
