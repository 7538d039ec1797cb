import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import { holdBack } from '../../src/engine/detection/baselines/refractory.js';
import { remember } from '../../src/engine/detection/learned/window-memory.js';
import { runWindowModel } from '../../src/engine/detection/learned/window-model.js';
import { nabScore, type NabFile } from '../../src/engine/scorecard/nab-score.js';
import type { JudgedModel, Way } from './detection-models-judge.js';

const STEP_MS = 300_000;
/** Points for which only a higher score counts again. */
const HOLD = 150;
const SPLITS = 20;
const INPUTS = { context: true, memory: true };

interface Recording {
  readonly name: string;
  readonly values: Float64Array;
  readonly windows: NabFile['windows'];
}

/**
 * The Numenta Anomaly Benchmark, causal, by the same ways of joining. Whole: one threshold, best for all files. Nested:
 * the threshold is chosen on one half of the files and scored on the other, over 20 splits.
 */
export async function judgeOnNab(folder: string, models: readonly JudgedModel[], ways: readonly Way[]): Promise<void> {
  const recordings = readRecordings(folder);
  const scored = await scoreAll(recordings, models, ways);
  console.log(`\nNAB, ${recordings.length} files, standard profile\n`);
  console.log(`| way | whole | nested over ${SPLITS} splits |`);
  console.log('|---|---:|---:|');
  ways.forEach(({ name }, w) => {
    const files = recordings.map((recording, r): NabFile => ({ ...recording, scores: scored[w]![r]! }));
    console.log(`| ${name} | ${nabScore(files).score.toFixed(1)} | ${nested(files)} |`);
  });
}

function nested(files: readonly NabFile[]): string {
  const scores = Array.from({ length: SPLITS }, (_, split) => {
    const order = files.map((file, i) => ({
      file,
      key: (Math.imul(i + 1, 2_654_435_761) ^ Math.imul(split + 1, 40_503)) >>> 0,
    }));
    order.sort((a, b) => mixed(a.key) - mixed(b.key));
    const half = files.length >> 1;
    const [chosenOn, scoredOn] = [order.slice(0, half), order.slice(half)].map((part) => part.map(({ file }) => file));
    return nabScore(scoredOn!, 'standard', nabScore(chosenOn!).threshold).score;
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / SPLITS;
  const spread = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (SPLITS - 1));
  return `${mean.toFixed(1)} ± ${spread.toFixed(1)}`;
}

function mixed(key: number): number {
  const x = Math.imul(key ^ (key >>> 15), 0x2c1b3c6d);
  return (Math.imul(x ^ (x >>> 12), 0x297a2d39) >>> 0) / 2 ** 32;
}

/** By way and file: a score per row after holding back. */
async function scoreAll(recordings: readonly Recording[], models: readonly JudgedModel[], ways: readonly Way[]) {
  const ensemble = new ChannelEnsemble(undefined, INPUTS);
  const states = recordings.map(() => ensemble.createState());
  const settings = recordings.map(() => ({ minimumDeviation: 1e-9, minimumRelativeDeviation: 0, sensitivity: 6 }));
  const scores = ways.map(() => recordings.map(({ values }) => new Float64Array(values.length)));
  const held = ways.map(() => recordings.map(() => new Float64Array(2)));
  const rows = Math.max(...recordings.map(({ values }) => values.length));
  for (let row = 0; row < rows; row += 1) {
    const values = Float64Array.from(recordings, (recording) => recording.values[row] ?? NaN);
    const batch = { time: row * STEP_MS, stepMs: STEP_MS, states, values, settings };
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
        const score = way.score(prepared.score[index]!, each);
        scores[w]![index]![row] = holdBack(held[w]![index]!, 0, score, HOLD);
      });
    });
    ensemble.finish(batch, prepared, null);
  }
  return scores;
}

function readRecordings(folder: string): Recording[] {
  const windows = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
  return Object.entries(windows).map(([name, spans]) => {
    const lines = readFileSync(join(folder, 'data', name), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const rows = lines.map((line) => line.split(',') as [string, string]);
    const times = rows.map(([time]) => Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`));
    const at = (text: string) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
    const inclusive = spans.map(([first, last]) => ({
      first: times.findIndex((time) => time >= at(first)),
      last: times.findLastIndex((time) => time <= at(last)),
    }));
    return { name, values: Float64Array.from(rows, ([, value]) => Number(value)), windows: inclusive };
  });
}
