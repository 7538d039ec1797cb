import type { TestingModule } from '@nestjs/testing';
import { expect } from 'vitest';
import type { Environment } from '../../../../src/modules/environments/index.js';
import { ModelChoice, type ActiveModels } from '../../../../src/modules/anomaly-detection/index.js';
import { ModelsHttp, type Answer, type ModelBody } from './models-http.js';
import { meanDistance } from './window-graphs.js';
import { DetectionWorld } from './world.js';

export const QUICK = { models: { refreshMs: 0 } };

/** Two environments, the API, and two workers: processes of their own, as pods are. */
export class ModelsWorld {
  private constructor(
    readonly detection: DetectionWorld,
    readonly http: ModelsHttp,
    readonly environment: Environment,
    readonly other: Environment,
    readonly workers: readonly TestingModule[],
  ) {}

  static async create(): Promise<ModelsWorld> {
    const detection = await DetectionWorld.create();
    const [environment, other] = [await detection.environment(), await detection.environment()];
    const workers = [await detection.worker(QUICK), await detection.worker(QUICK)];
    const http = await ModelsHttp.start(detection, {
      models: { maxUploadMegabytes: 0.5, trialRunMs: 100, trialSeconds: 5, refreshMs: 0 },
    });
    const world = new ModelsWorld(detection, http, environment, other, workers);
    // The release brings a shadow of its own.
    await world.unstage();
    return world;
  }

  async close(): Promise<void> {
    await this.http.close();
    await this.detection.close();
  }

  /** Nothing is staged any more. */
  async unstage(): Promise<void> {
    await this.detection.database.query('DELETE FROM anomaly_detection_model_stages');
    await this.detection.database.query('DELETE FROM anomaly_detection_model_changes');
  }

  async upload(scale: number, name = 'mine'): Promise<ModelBody> {
    const { status, body } = await this.http.upload(name, meanDistance(scale));
    expect(status, JSON.stringify(body)).toBe(201);
    return body;
  }

  stage(verb: string, id: string, environmentId: string | null = null): Promise<Answer> {
    return this.http.post(`models/${id}/${verb}`, { environmentId, why: 'test' });
  }

  async activate(id: string, environmentId: string | null = null): Promise<void> {
    expect((await this.stage('promote', id, environmentId)).status).toBe(200);
    expect((await this.stage('promote', id, environmentId)).status).toBe(200);
  }

  activeIn(worker: number, { id }: Environment): Promise<ActiveModels> {
    return this.workers[worker]!.get(ModelChoice).activeFor(id);
  }
}

export function windows(rows: number) {
  return { window: { data: new Float32Array(rows * 64).fill(3), dims: [rows, 64] } };
}
