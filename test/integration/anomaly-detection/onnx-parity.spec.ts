import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestOf, SOURCES } from '../../../models/tools/write-models.js';
import type { Tensor } from '../../../src/engine/detection/detector.js';
import { robustWindowReference } from '../../../src/engine/detection/robust-window.graph.js';
import { inferenceConfig } from '../../../src/platform/inference/inference.config.js';
import { InferenceModule } from '../../../src/platform/inference/inference.module.js';
import { ModelRunner } from '../../../src/platform/inference/model-runner.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { testLogger, testPlatform } from '../../support/platform.js';
import { seededRandom } from '../telemetry/support/random.js';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

describe('model files', () => {
  it.each(SOURCES.map((make) => make()).map((source) => [source.manifest.id, source] as const))(
    '%s is what its script makes: run `node models/build.mjs` after changing it',
    async (id, source) => {
      const folder = join(MODELS, id, source.manifest.version);
      expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifestOf(source));
      expect((await readFile(join(folder, 'model.onnx'))).equals(source.bytes)).toBe(true);
    },
  );
});

describe('robust-window in ONNX', () => {
  let app: TestingModule;
  beforeAll(async () => {
    const imports = [testConfiguration(section(inferenceConfig, {})), testPlatform, InferenceModule.forRoot()];
    app = await Test.createTestingModule({ imports }).setLogger(testLogger()).compile();
    await app.init();
  });
  afterAll(() => app.close());

  /** Rows of every number of known values, of several shapes. */
  function inputs(width: number, seed: number): Record<string, Tensor> {
    const random = seededRandom(seed);
    const shapes: readonly (() => number)[] = [
      () => random() * 2 - 1,
      () => 0,
      () => (random() > 0.9 ? 1 : random() * 1e-3),
      () => Math.round(random() * 4) / 4,
      () => -(random() ** 8),
    ];
    const batch = width * shapes.length;
    const column = (of: (row: number) => number): Tensor => ({
      data: Float32Array.from({ length: batch }, (_, i) => of(i)),
      dims: [batch, 1],
    });
    const baseline = new Float32Array(batch * width);
    for (let row = 0; row < batch; row += 1) {
      const known = 1 + Math.floor(row / shapes.length);
      for (let i = 0; i < width; i += 1)
        baseline[row * width + i] = i < width - known ? NaN : shapes[row % shapes.length]!();
    }
    return {
      baseline: { data: baseline, dims: [batch, width] },
      value: column(() => (random() - 0.5) * 10 ** (random() * 6)),
      offset: column(() => (random() - 0.5) * 100),
      minimum_deviation: column(() => 0.001 + random() * 0.1),
      minimum_relative_deviation: column(() => (random() > 0.5 ? 0.2 : 0)),
      sensitivity: column(() => 1 + random() * 10),
      novelty_margin: { data: Float32Array.of(2), dims: [1] },
    };
  }

  it.each([20, 120, 400])('agrees with the reference to 1e-4 on windows of %i', async (width) => {
    const given = inputs(width, width);
    const actual = await app.get(ModelRunner).run({ id: 'robust-window', version: '1' }, given);
    const expected = await robustWindowReference(given);
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { data, dims }] of Object.entries(expected)) {
      expect([name, actual[name]!.dims]).toEqual([name, dims]);
      let worst = 0;
      data.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - actual[name]!.data[i]!) / Math.max(1, Math.abs(value)));
      });
      expect([name, worst < 1e-4]).toEqual([name, true]);
    }
  });
});
