import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { InferenceSession } from 'onnxruntime-node';
import type { Gauge, Histogram } from 'prom-client';
import { InjectConfig } from '../config/define-config.js';
import { checkInputs } from './check-inputs.js';
import { inferenceConfig, type InferenceConfig } from './inference.config.js';
import { ModelRunError } from './inference.errors.js';
import { BATCH_SIZE, RUN_DURATION, SESSIONS } from './inference.metrics.js';
import type { ModelManifest } from './model-manifest.js';
import { ModelRegistry } from './model-registry.js';
import { ModelRunner, type Tensors } from './model-runner.js';

type Runtime = typeof import('onnxruntime-node');

/** The only user of the native library, which is loaded on the first run: the API process never pays for it. */
@Injectable()
export class OnnxModelRunner extends ModelRunner implements OnApplicationShutdown {
  private readonly logger = new Logger(OnnxModelRunner.name);
  private readonly sessions = new Map<string, Promise<InferenceSession>>();
  private runtime: Promise<Runtime> | undefined;

  constructor(
    private readonly registry: ModelRegistry,
    @InjectConfig(inferenceConfig) private readonly config: InferenceConfig,
    @InjectMetric(RUN_DURATION) private readonly runDuration: Histogram,
    @InjectMetric(BATCH_SIZE) private readonly batchSize: Histogram,
    @InjectMetric(SESSIONS) private readonly sessionCount: Gauge,
  ) {
    super();
  }

  override async run(model: { readonly id: string; readonly version: string }, inputs: Tensors): Promise<Tensors> {
    const manifest = this.registry.get(model.id, model.version);
    const name = `${manifest.id}@${manifest.version}`;
    const sizes = checkInputs(manifest, inputs);
    const { Tensor } = await this.load();
    const session = await this.sessionOf(manifest);
    const feeds = Object.fromEntries(
      manifest.inputs.map((input) => [
        input.name,
        new Tensor('float32', inputs[input.name]!.data, inputs[input.name]!.dims),
      ]),
    );
    const started = performance.now();
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await session.run(feeds);
    } catch (error) {
      throw new ModelRunError(name, error);
    }
    this.observe(name, performance.now() - started, sizes.get('batch') ?? 1);
    return Object.fromEntries(
      manifest.outputs.map((output) => {
        const { data, dims } = results[output.name]!;
        return [output.name, { data: data as Float32Array, dims }];
      }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    const open = await Promise.allSettled(this.sessions.values());
    this.sessions.clear();
    for (const session of open) if (session.status === 'fulfilled') await session.value.release();
  }

  private load(): Promise<Runtime> {
    // A CommonJS package: its names are only on the default export.
    this.runtime ??= import('onnxruntime-node').then((module) => (module as { default?: Runtime }).default ?? module);
    return this.runtime;
  }

  /** One session per model, shared by all callers; a failed one is tried again next time. */
  private sessionOf(manifest: ModelManifest): Promise<InferenceSession> {
    const name = `${manifest.id}@${manifest.version}`;
    const known = this.sessions.get(name);
    if (known) return known;
    const opening = this.open(manifest).catch((error: unknown) => {
      this.sessions.delete(name);
      throw new ModelRunError(name, error);
    });
    this.sessions.set(name, opening);
    return opening;
  }

  private async open(manifest: ModelManifest): Promise<InferenceSession> {
    const { InferenceSession } = await this.load();
    const session = await InferenceSession.create(this.registry.fileOf(manifest), {
      intraOpNumThreads: this.config.threads,
      interOpNumThreads: 1,
      executionProviders: ['cpu'],
    });
    this.sessionCount.set(this.sessions.size);
    this.logger.log({ msg: 'session opened', model: `${manifest.id}@${manifest.version}` });
    return session;
  }

  private observe(model: string, milliseconds: number, batch: number): void {
    this.runDuration.observe({ model }, milliseconds / 1000);
    this.batchSize.observe({ model }, batch);
    const { slowRunMs } = this.config;
    if (slowRunMs > 0 && milliseconds > slowRunMs) {
      this.logger.warn({ msg: 'slow run', model, milliseconds: Math.round(milliseconds), batch });
    }
  }
}
