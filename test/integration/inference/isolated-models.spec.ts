import { createHash } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { register } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferenceConfig } from '../../../src/platform/inference/inference.config.js';
import { InferenceModule } from '../../../src/platform/inference/inference.module.js';
import { IsolatedModels, type ModelBytes } from '../../../src/platform/inference/isolated-models.js';
import { section, testConfiguration } from '../../support/configuration.js';
import { descendantsOf } from '../../support/process-tree.js';
import { testLogger, testPlatform } from '../../support/platform.js';
import { hungryGraph, meanDistance, slowGraph } from '../anomaly-detection/support/window-graphs.js';

const windows = (rows: number) => ({ window: { data: new Float32Array(rows * 64).fill(3), dims: [rows, 64] } });

describe('IsolatedModels', () => {
  let app: TestingModule;
  let models: IsolatedModels;
  let loads: string[] = [];

  beforeAll(async () => {
    const config = section(inferenceConfig, { modelSessions: 2, modelRunLimitMs: 2_000 });
    const imports = [testConfiguration(config), testPlatform, InferenceModule.forRoot()];
    app = await Test.createTestingModule({ imports }).setLogger(testLogger()).compile();
    await app.init();
    models = app.get(IsolatedModels);
  });
  afterAll(() => app.close());

  const model = (name: string, bytes: Buffer): ModelBytes => ({
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    load: () => {
      loads.push(name);
      return Promise.resolve(bytes);
    },
  });
  const [a, b, c] = [2, 4, 8].map((scale) => model(`by-${scale}@1`, meanDistance(scale)));
  const first = async (of: ModelBytes): Promise<number> => (await models.run(of, windows(1))).score!.data[0]!;
  const hosts = () => descendantsOf(process.pid).filter(({ command }) => command.includes('model-host'));

  it('runs models by their bytes, whole batches at once', async () => {
    const { score } = await models.run(a!, windows(300));
    expect([score!.dims, new Set(score!.data)]).toEqual([[300, 1], new Set([1.5])]);
    expect(await first(b!)).toBe(0.75);
  });

  it('keeps the sessions that were used last, and opens others again', async () => {
    loads = [];
    for (const one of [a, b, a, c]) await first(one!);
    expect(loads).toEqual(['by-8@1']);
    expect(await first(a!)).toBe(1.5);
    expect(loads).toEqual(['by-8@1']);
    expect(await first(b!)).toBe(0.75);
    expect(loads).toEqual(['by-8@1', 'by-4@1']);
    await models.release(b!.sha256);
    expect(await first(b!)).toBe(0.75);
    expect(loads).toEqual(['by-8@1', 'by-4@1', 'by-4@1']);
  });

  it.each([
    ['takes too long', 'inference.model_too_slow', slowGraph()],
    ['takes too much memory', 'inference.model_memory_exceeded', hungryGraph()],
    ['is no model', 'inference.run_failed', Buffer.from('no model')],
  ])('rejects the call of one that %s, and those behind it run', async (what, code, bytes) => {
    const bad = models.run(model(what, bytes), windows(256), code.endsWith('exceeded') ? 20_000 : 1_500);
    const behind = first(a!);
    await expect(bad).rejects.toMatchObject({ code });
    expect(await behind).toBe(1.5);
  });

  it('starts its process again when somebody ends it', async () => {
    expect(await first(a!)).toBe(1.5);
    const before = hosts();
    expect(before).toHaveLength(1);
    process.kill(before[0]!.pid, 'SIGKILL');
    // The call that meets the end may fail; the one after it must not.
    await first(a!).catch((error: { code: string }) => expect(error.code).toBe('inference.model_process_ended'));
    expect(await first(a!)).toBe(1.5);
    expect(hosts().map(({ pid }) => pid)).not.toContain(before[0]!.pid);
    expect(await register.metrics()).toMatch(
      /dsim_inference_isolated_process_ends_total\{reason="model_process_ended"\} [1-9]/,
    );
  });

  it('gives its process nothing of our environment', async () => {
    await first(a!);
    const [host] = hosts();
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(`/proc/${host!.pid}/environ`, 'utf8')).not.toMatch(/PATH=|DATABASE|SECRET/);
  });
});
