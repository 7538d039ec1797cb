import { existsSync, readFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HealthRegistry } from '../observability/health-registry.js';
import { inferenceConfig } from './inference.config.js';
import { InferenceModule } from './inference.module.js';
import type { ModelManifest } from './model-manifest.js';
import { ModelRegistry } from './model-registry.js';
import { ModelRunner } from './model-runner.js';

@Module({})
class Surroundings {}

const surroundings = {
  module: Surroundings,
  global: true,
  providers: [HealthRegistry, { provide: inferenceConfig.token, useValue: inferenceConfig.schema.parse({}) }],
  exports: [HealthRegistry, inferenceConfig.token],
};
const MODELS = new URL('../../../models/', import.meta.url);
const LEARNED = ['window-classifier', 'patch-memory', 'lstm-autoencoder'];

interface Expected {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** The trainer wrote what its own network says to some windows; the ONNX file must say the same here. */
describe('learned window models', () => {
  let app: TestingModule;
  beforeAll(async () => {
    app = await Test.createTestingModule({ imports: [surroundings, InferenceModule.forRoot()] }).compile();
    await app.init();
  });
  afterAll(() => app.close());

  it.each(LEARNED)('%s agrees with its trainer to 1e-4', async (id) => {
    const manifest = app.get(ModelRegistry).get(id);
    const { rows, inputs, outputs } = expectedOf(manifest);
    const tensors = Object.fromEntries(
      manifest.inputs.map(({ name, shape }) => {
        const dims = shape.map((size) => (typeof size === 'string' ? rows : size));
        return [name, { data: Float32Array.from(inputs[name]!), dims }];
      }),
    );
    const answer = await app.get(ModelRunner).run(manifest, tensors);
    for (const { name } of manifest.outputs) {
      const expected = outputs[name]!;
      expect(answer[name]!.data).toHaveLength(expected.length);
      answer[name]!.data.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected[i]!)));
      });
    }
  });

  it.each(LEARNED)('%s says where it comes from, and is small', (id) => {
    const { bytes, licence, trainedOn, madeBy } = app.get(ModelRegistry).get(id);
    expect(bytes).toBeLessThan(300_000);
    expect(licence).toBe('Apache-2.0');
    expect(trainedOn).toMatch(/seeds 1?\d/);
    expect(existsSync(new URL(madeBy.replace(/^models\//, ''), MODELS))).toBe(true);
  });
});

function expectedOf({ id, version }: ModelManifest): Expected {
  return JSON.parse(readFileSync(new URL(`${id}/${version}/expected.json`, MODELS), 'utf8')) as Expected;
}
