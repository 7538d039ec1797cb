import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROBUST_WINDOW } from '../../src/engine/detection/robust-window.graph.js';
import type { LearnedModel } from '../../src/engine/detection/learned/learned-detector.js';
import { inferenceConfig } from '../../src/platform/inference/inference.config.js';
import { InferenceModule } from '../../src/platform/inference/inference.module.js';
import type { ModelManifest } from '../../src/platform/inference/model-manifest.js';
import { ModelRegistry } from '../../src/platform/inference/model-registry.js';
import { ModelRunner, type Tensors } from '../../src/platform/inference/model-runner.js';
import { HealthRegistry } from '../../src/platform/observability/health-registry.js';
import { alarmsAt, boundaryAt, shareAbove, type CalmSpan, type Curve } from './detection-models-curve.js';
import { judgeModels, type JudgedModel, type Way } from './detection-models-judge.js';
import { judgeOnNab } from './detection-models-nab.js';

/** Anomalies per 1,000 series and week. */
const RATES = [10, 100];

export interface Options {
  readonly fleets: readonly string[];
  readonly seeds: readonly number[];
  /** One series in so many is judged. */
  readonly every: number;
  readonly modelsDir: string;
  readonly only: readonly string[];
  readonly nab: string | undefined;
  readonly rows: number;
}

export async function run(options: Options): Promise<void> {
  const { registry, runner, close } = await openModels(options.modelsDir);
  const manifests = registry.list().filter(({ id }) => options.only.includes(id));
  const models = manifests.map((manifest) => judged(manifest, runner));
  await rowCosts([registry.get(ROBUST_WINDOW.id), ...manifests], runner, options.rows);
  for (const fleet of options.fleets) {
    const { curves, span } = await judgeModels(fleet, options.seeds, models, waysOf(models), options.every);
    print(fleet, curves, span);
  }
  if (options.nab) await judgeOnNab(options.nab, models, waysOf(models, false));
  await close();
}

/** The model runner of the service, without the service. */
async function openModels(modelsDir: string) {
  class Surroundings {}
  Module({})(Surroundings);
  const config = inferenceConfig.schema.parse({ modelsDir });
  const surroundings = {
    module: Surroundings,
    global: true,
    providers: [HealthRegistry, { provide: inferenceConfig.token, useValue: config }],
    exports: [HealthRegistry, inferenceConfig.token],
  };
  class Bench {}
  Module({ imports: [surroundings, InferenceModule.forRoot()] })(Bench);
  const app = await NestFactory.createApplicationContext(Bench, { logger: ['error'] });
  return { registry: app.get(ModelRegistry), runner: app.get(ModelRunner), close: () => app.close() };
}

function judged({ id, version, inputs }: ModelManifest, runner: ModelRunner): JudgedModel {
  const takes = (name: string) => inputs.some((input) => input.name === name);
  const model: LearnedModel = { id, version, context: takes('context'), memory: takes('memory') };
  return { model, run: (tensors) => runner.run({ id, version }, tensors) };
}

/**
 * Plain channels, each model alone, and each joined: as the ensemble does it, and sharpening what it suspects.
 *
 * @param withLargest whether both count in the same unit, so that the larger one means something
 */
function waysOf(models: readonly JudgedModel[], withLargest = true): Way[] {
  const alone = models.map(({ model }, m): Way => ({
    name: `${model.id} alone`,
    isAlone: true,
    score: (_, said) => said[m]!,
  }));
  const joined = models.flatMap(({ model }, m): Way[] => {
    const larger: Way = { name: `ensemble with ${model.id}`, score: (plain, said) => Math.max(plain, said[m]!) };
    const root: Way = {
      name: `root of ensemble x ${model.id}`,
      score: (plain, said) => Math.sqrt(plain) * said[m]!,
    };
    // A model that sees the plain scores has their root in its own already.
    return [...(withLargest ? [larger] : []), ...(model.context && withLargest ? [] : [root])];
  });
  return [{ name: 'ensemble, plain channels', score: (plain) => plain }, ...alone, ...joined];
}

function print(fleet: string, curves: readonly Curve[], span: CalmSpan): void {
  const weeks = (span.seriesHours / 168 / 1000).toFixed(2);
  const { series, faults } = curves[0]!;
  const harmful = faults.filter((fault) => fault.harmful).length;
  console.log(`\nFleet ${fleet}: ${weeks} calm weeks of 1,000 series; ${series.length} touched series,`);
  console.log(
    `${faults.length} faults, ${harmful} of them harmed users. Share found within 3 scrapes, boundary set so`,
  );
  console.log('that calm runs open as many anomalies per 1,000 series and week as the column says.\n');
  const head = 'boundary | alarms | series | harmful | all';
  console.log(
    `| way | at 1.0: alarms | series | harmful | all | ${RATES.map((rate) => `@${rate}: ${head}`).join(' | ')} |`,
  );
  console.log(`|---${'|---:'.repeat(4 + RATES.length * 5)}|`);
  for (const curve of curves) {
    const cells = RATES.map((rate) => {
      const boundary = boundaryAt(curve, span, rate);
      return `${boundary.toFixed(2)} | ${found(curve, span, boundary)}`;
    });
    console.log(`| ${curve.name} | ${[found(curve, span, 1), ...cells].join(' | ')} |`);
  }
}

function found(curve: Curve, span: CalmSpan, boundary: number): string {
  const felt = curve.faults.filter((fault) => fault.harmful).map(({ score }) => score);
  const all = curve.faults.map(({ score }) => score);
  const shares = [curve.series, felt, all].map((scores) => percent(shareAbove(scores, boundary)));
  return [alarmsAt(curve, span, boundary).toFixed(0), ...shares].join(' | ');
}

/** Microseconds of CPU per row through the runner, batches of `rows`, beside robust-window. */
async function rowCosts(manifests: readonly ModelManifest[], runner: ModelRunner, rows: number): Promise<void> {
  console.log(`| model | bytes | us per row in batches of ${rows} |`);
  console.log('|---|---:|---:|');
  for (const { id, version, inputs, bytes } of manifests) {
    const tensors = Object.fromEntries(inputs.map(({ name, shape }) => [name, tensorOf(shape, rows)])) as Tensors;
    for (let i = 0; i < 5; i += 1) await runner.run({ id, version }, tensors);
    const runs = 20;
    const cpu = process.cpuUsage();
    for (let i = 0; i < runs; i += 1) await runner.run({ id, version }, tensors);
    const { user, system } = process.cpuUsage(cpu);
    console.log(`| ${id}@${version} | ${bytes.toLocaleString('en')} | ${((user + system) / runs / rows).toFixed(2)} |`);
  }
}

/** Numbers as a series of noise would give them; `window` of robust-window is 120. */
function tensorOf(shape: readonly (number | string)[], rows: number) {
  const dims = shape.map((size) => (size === 'batch' ? rows : size === 'window' ? 120 : Number(size)));
  const length = dims.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 2 + (dims[1] === 1 ? 3 : 0));
  return { data, dims };
}

function percent(share: number): string {
  return Number.isNaN(share) ? '' : `${(share * 100).toFixed(1)} %`;
}
