import type { Branch } from '../../models/tools/training/simulate-faults.js';
import { simulateSeed, TICK_SECONDS } from '../../models/tools/training/simulate-faults.js';
import { movingSeries, touchedSeries, type MovingSeries } from '../../models/tools/training/moving-series.js';
import type { GraphRunner } from '../../src/engine/detection/detector.js';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import type { EnsembleState } from '../../src/engine/detection/ensemble/ensemble-state.js';
import type { LearnedModel } from '../../src/engine/detection/learned/learned-detector.js';
import { remember } from '../../src/engine/detection/learned/window-memory.js';
import { runWindowModel } from '../../src/engine/detection/learned/window-model.js';
import { Persistence, type CalmSpan, type Curve } from './detection-models-curve.js';

const START = Date.UTC(2026, 8, 14);
/** The ensemble gets so many ticks to know its series before alarms count. */
const FIRST_TICK = 120;
const SCRAPES = 3;
const INPUTS = { context: true, memory: true };

export interface JudgedModel {
  readonly model: LearnedModel;
  readonly run: GraphRunner;
}

/** A way of joining what was said: the plain channels' score, and the models' in the order given. */
export interface Way {
  readonly name: string;
  /** The plain channels have no say. */
  readonly isAlone?: boolean;
  readonly score: (plain: number, models: readonly number[]) => number;
}

export interface Judged {
  readonly curves: readonly Curve[];
  readonly span: CalmSpan;
}

/**
 * Runs the ensemble and the models over simulated fleets, the same series for all. Calm runs say how high scores get
 * when nothing is wrong; each fault says how high they get within three scrapes of the first difference it made to a
 * series, and, for the fault as a whole, within three scrapes of harm on any series it touched.
 */
export async function judgeModels(
  fleet: string,
  seeds: readonly number[],
  models: readonly JudgedModel[],
  ways: readonly Way[],
  every = 1,
): Promise<Judged> {
  const curves: Curve[] = ways.map(({ name }) => ({ name, calm: [], series: [], faults: [] }));
  const span: CalmSpan = { seriesHours: 0 };
  for (const seed of seeds) {
    const run = simulateSeed(fleet, seed);
    const moving = movingSeries(run, every);
    const judge = new SeedJudge(models, ways, moving);
    for (let tick = 0; tick < run.ticks; tick += 1) {
      for (const branch of run.branches) if (branch.from === tick) await judge.followFault(branch, curves);
      await judge.advanceCalm(tick, curves);
    }
    span.seriesHours += ((run.calm.size / every) * (run.ticks - FIRST_TICK) * TICK_SECONDS) / 3600;
  }
  return { curves, span };
}

class SeedJudge {
  private readonly ensemble = new ChannelEnsemble(undefined, INPUTS);
  private readonly states: EnsembleState[];
  private readonly held: readonly Persistence[];

  constructor(
    private readonly models: readonly JudgedModel[],
    private readonly ways: readonly Way[],
    private readonly moving: readonly MovingSeries[],
  ) {
    this.states = moving.map(() => this.ensemble.createState());
    this.held = ways.map(() => new Persistence(moving.length));
  }

  async advanceCalm(tick: number, curves: readonly Curve[]): Promise<void> {
    const values = Float64Array.from(this.moving, ({ calm }) => calm.values[tick]!);
    const settings = this.moving.map((series) => series.settings);
    const scores = await this.score(tick, this.states, values, settings);
    scores.forEach((of, w) => {
      for (let i = 0; i < of.length; i += 1) this.held[w]!.push(i, of[i]!);
      if (tick >= FIRST_TICK) this.held[w]!.endTick(curves[w]!.calm);
    });
  }

  async followFault(branch: Branch, curves: readonly Curve[]): Promise<void> {
    const touched = touchedSeries(this.moving, branch);
    if (touched.length === 0) return;
    const indexes = touched.map(({ index }) => index);
    const states = indexes.map((index) => this.ensemble.restore(this.ensemble.serialise(this.states[index]!)));
    const settings = indexes.map((index) => this.moving[index]!.settings);
    const held = this.held.map((of) => of.branch(indexes));
    const found = this.ways.map(() => new Float64Array(touched.length));
    const whole = this.ways.map(() => 0);
    const first = Math.min(...touched.map(({ since }) => since));
    const deadline = (branch.harmedAt >= 0 ? branch.harmedAt : first) + SCRAPES;
    for (let tick = 0; tick < branch.ticks; tick += 1) {
      const values = Float64Array.from(touched, ({ column }) => column.values[tick]!);
      const scores = await this.score(branch.from + tick, states, values, settings);
      scores.forEach((of, w) => {
        for (let i = 0; i < of.length; i += 1) {
          const score = held[w]!.push(i, of[i]!);
          const { since } = touched[i]!;
          if (tick < since) continue;
          if (tick < since + SCRAPES) found[w]![i] = Math.max(found[w]![i]!, score);
          if (tick <= deadline) whole[w] = Math.max(whole[w]!, score);
        }
      });
    }
    curves.forEach((curve, w) => {
      curve.series.push(...found[w]!);
      curve.faults.push({ kind: branch.kind, harmful: branch.harmedAt >= 0, score: whole[w]! });
    });
  }

  /** By way and series. */
  private async score(
    tick: number,
    states: readonly EnsembleState[],
    values: Float64Array,
    settings: readonly MovingSeries['settings'][],
  ): Promise<readonly Float64Array[]> {
    const batch = { time: START + tick * TICK_SECONDS * 1000, states, values, settings };
    const prepared = this.ensemble.prepare(batch, INPUTS);
    const answers: Float32Array[] = [];
    for (const { model, run } of this.models) {
      const answer = await runWindowModel(prepared.windows!, model, run);
      answers.push(Float32Array.from(answer.score));
      if (!answer.embedding) continue;
      for (let row = 0; row < answer.score.length; row += 1) {
        const index = prepared.windowRows[row]!;
        if (prepared.score[index]! < 0.7) remember(states[index]!.memory!, answer.embedding, row);
      }
    }
    const scores = this.ways.map(() => new Float64Array(states.length));
    const said: number[] = this.models.map(() => 0);
    prepared.windowRows.forEach((index, row) => {
      answers.forEach((of, m) => (said[m] = of[row]!));
      this.ways.forEach((way, w) => (scores[w]![index] = way.score(prepared.score[index]!, said)));
    });
    this.ensemble.finish(batch, prepared, null);
    return scores;
  }
}
