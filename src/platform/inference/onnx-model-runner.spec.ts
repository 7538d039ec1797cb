import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { register } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HealthRegistry } from '../observability/health-registry.js';
import { inferenceConfig } from './inference.config.js';
import { InferenceModule } from './inference.module.js';
import { ModelRegistry } from './model-registry.js';
import { ModelRunner, type Tensors } from './model-runner.js';

@Module({})
class Surroundings {}

const surroundings = {
  module: Surroundings,
  global: true,
  providers: [HealthRegistry, { provide: inferenceConfig.token, useValue: inferenceConfig.schema.parse({}) }],
  exports: [HealthRegistry, inferenceConfig.token],
};

describe('OnnxModelRunner', () => {
  let app: TestingModule;
  let runner: ModelRunner;
  const model = { id: 'robust-window', version: '1' };

  beforeAll(async () => {
    app = await Test.createTestingModule({ imports: [surroundings, InferenceModule.forRoot()] }).compile();
    await app.init();
    runner = app.get(ModelRunner);
  });
  afterAll(() => app.close());

  it('knows its models without loading the runtime', () => {
    expect(app.get(ModelRegistry).get('robust-window').sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(() => app.get(ModelRegistry).get('robust-window', '99')).toThrow(
      'There is no model robust-window@99. Known: ',
    );
  });

  it('scores a batch', async () => {
    const outputs = await runner.run(model, inputs());
    expect(outputs.yhat!.data[0]).toBeCloseTo(0.525);
    expect(outputs.score!.dims).toEqual([2, 1]);
    expect(outputs.score!.data[0]).toBeLessThan(1);
    expect(outputs.score!.data[1]).toBeGreaterThan(1);
  });

  it('counts runs and batch sizes', async () => {
    await runner.run(model, inputs());
    const text = await register.metrics();
    expect(text).toMatch(/dsim_inference_run_duration_seconds_count\{model="robust-window@1"\} [1-9]/);
    expect(text).toContain('dsim_inference_sessions 1');
  });

  it('refuses inputs that are missing or misshapen', async () => {
    const { value: _left, ...rest } = inputs();
    await expect(runner.run(model, rest)).rejects.toMatchObject({ code: 'inference.input_refused' });
    const three = { ...inputs(), offset: { data: new Float32Array(3), dims: [3, 1] } };
    await expect(runner.run(model, three)).rejects.toThrow('"offset" must have the shape [batch, 1], not [3, 1]');
    const short = { ...inputs(), offset: { data: new Float32Array(1), dims: [2, 1] } };
    await expect(runner.run(model, short)).rejects.toThrow('"offset" has 1 numbers, its shape says 2');
  });

  it('tells health how many models are installed', async () => {
    const [check] = app.get(HealthRegistry).forScope('ready');
    expect(await check!.check()).toMatchObject({ status: 'up' });
  });
});

/** A calm row and one with a spike. */
function inputs(): Tensors {
  const column = (...data: number[]) => ({ data: Float32Array.from(data), dims: [2, 1] });
  const row = Array.from({ length: 41 }, (_, i) => (i - 20) / 20);
  return {
    baseline: { data: Float32Array.from([...row, ...row]), dims: [2, 41] },
    value: column(0.5, 50),
    offset: column(0, 0),
    minimum_deviation: column(0.1, 0.1),
    minimum_relative_deviation: column(0.2, 0.2),
    sensitivity: column(6, 6),
    novelty_margin: { data: Float32Array.of(2), dims: [1] },
  };
}
