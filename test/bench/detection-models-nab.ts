import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../../src/engine/detection/ensemble/ensemble-settings.js';
import { DEFAULT_SURPRISE } from '../../src/engine/detection/novelty/surprise.js';
import { holdBack } from '../../src/engine/detection/baselines/refractory.js';
import { remember } from '../../src/engine/detection/learned/window-memory.js';
import { runWindowModel } from '../../src/engine/detection/learned/window-model.js';
import { nestedNabScore } from '../../src/engine/scorecard/nab-nested.js';
import { readNabSeries, type NabSeries } from '../../src/engine/scorecard/nab-run.js';
import { nabScore, type NabFile } from '../../src/engine/scorecard/nab-score.js';
import type { JudgedModel, Way } from './detection-models-judge.js';

/** Points for which only a higher score counts again. */
const HOLD = 150;
const SPLITS = 20;
const INPUTS = { context: true, memory: true };

/**
 * The Numenta Anomaly Benchmark, causal, by the same ways of joining. Whole: one threshold, best for all files. Nested:
 * the threshold is chosen on one half of the files and scored on the other, both ways round, over 20 splits.
 */
export async function judgeOnNab(folder: string, models: readonly JudgedModel[], ways: readonly Way[]): Promise<void> {
  const bySteps = new Map<number, NabSeries[]>();
  for (const one of readRecordings(folder)) bySteps.set(stepOf(one), [...(bySteps.get(stepOf(one)) ?? []), one]);
  const recordings = [...bySteps.values()].flat();
  const scored = ways.map((): Float64Array[] => []);
  for (const [stepMs, alike] of bySteps)
    (await scoreAll(alike, stepMs, models, ways)).forEach((files, w) => scored[w]!.push(...files));
  console.log(
    `\nNAB, ${recordings.length} files, standard profile; the ensemble by its surprise, models by their scores\n`,
  );
  console.log(`| way | whole | nested over ${SPLITS} splits |`);
  console.log('|---|---:|---:|');
  ways.forEach(({ name }, w) => {
    const files = recordings.map((recording, r): NabFile => ({ ...recording, scores: scored[w]![r]! }));
    const { mean, deviation } = nestedNabScore([files], SPLITS);
    console.log(`| ${name} | ${nabScore(files).score.toFixed(1)} | ${mean.toFixed(1)} ± ${deviation.toFixed(1)} |`);
  });
}

/** By way and file: a score per row after holding back. */
async function scoreAll(
  recordings: readonly NabSeries[],
  stepMs: number,
  models: readonly JudgedModel[],
  ways: readonly Way[],
) {
  const ensemble = new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, surprise: DEFAULT_SURPRISE }, INPUTS);
  const states = recordings.map(() => ensemble.createState());
  const settings = recordings.map(() => ({ minimumDeviation: 1e-9, minimumRelativeDeviation: 0, sensitivity: 6 }));
  const scores = ways.map(() => recordings.map(({ values }) => new Float64Array(values.length)));
  const held = ways.map(() => recordings.map(() => new Float64Array(2)));
  const rows = Math.max(...recordings.map(({ values }) => values.length));
  for (let row = 0; row < rows; row += 1) {
    const values = Float64Array.from(recordings, (recording) => recording.values[row] ?? NaN);
    const batch = { time: row * stepMs, stepMs, states, values, settings };
    const prepared = ensemble.prepare(batch, INPUTS);
    const said: Float32Array[] = [];
    for (const { model, run } of models) {
      const answer = await runWindowModel(prepared.windows!, model, run);
      said.push(Float32Array.from(answer.score));
      prepared.windowRows.forEach((index, r) => {
        if (answer.embedding && prepared.score[index]! < 0.7) remember(states[index]!.memory!, answer.embedding, r);
      });
    }
    prepared.windowRows.forEach((index, r) => {
      const each = said.map((of) => of[r]!);
      ways.forEach((way, w) => {
        // The ensemble's own figure of how notable a point is holds back already; what a model says alone does not.
        const score = way.score(prepared.surprise![index]!, each);
        scores[w]![index]![row] = way.isAlone ? holdBack(held[w]![index]!, 0, score, HOLD) : score;
      });
    });
    ensemble.finish(batch, prepared, null);
  }
  return scores;
}

/** Files of one step go through the detector together. */
function stepOf({ times }: NabSeries): number {
  const steps = times.subarray(1).map((time, i) => time - times[i]!);
  return steps.sort()[steps.length >> 1] ?? 0;
}

function readRecordings(folder: string): readonly NabSeries[] {
  const windows = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
  return Object.entries(windows).map(([name, spans]) =>
    readNabSeries(name, readFileSync(join(folder, 'data', name), 'utf8'), spans),
  );
}
