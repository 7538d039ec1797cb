import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import type { z } from 'zod';
import type { anomalyDetectionConfig } from '../../../../src/modules/anomaly-detection/anomaly-detection.config.js';
import { ExecuteStudyProcessor } from '../../../../src/modules/anomaly-detection/studies/execute-study.processor.js';
import type { Environment } from '../../../../src/modules/environments/index.js';
import { createHttpApplication } from '../../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import { moduleContext } from '../../../support/platform.js';
import { TokenIsEnvironmentGuard } from '../../telemetry/support/http.js';
import { DetectionWorld, timeOf, wobble, type TestSeries } from './world.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of many routes, looked at field by field */

class ScoreCardRoot {}
Module({})(ScoreCardRoot);

/** Four hours of ticks; load jumps from tick 800 to 830, and a counter of errors rises by 30 a tick then. */
export const LAST = 960;
export const FROM = 800;
export const TO = 830;
const isBusy = (i: number) => i >= FROM && i < TO;
const SERIES: readonly TestSeries[] = [
  { labels: { __name__: 'load', service: 'web' }, at: (i) => (isBusy(i) ? 60 : 10) + wobble(i) },
  { labels: { __name__: 'load', service: 'cart' }, at: (i) => 12 + wobble(i + 3) },
  {
    labels: { __name__: 'errors_total', service: 'web' },
    type: 'counter',
    at: (i) => 30 * Math.max(0, Math.min(i, TO) - FROM),
  },
];

export interface Answer {
  readonly status: number;
  readonly body: any;
}

/** Recorded telemetry of an environment, and the API of score cards over it. */
export class ScoreCardWorld {
  private constructor(
    readonly world: DetectionWorld,
    private readonly worker: TestingModule,
    private readonly app: NestFastifyApplication,
    private readonly environment: Environment,
  ) {}

  static async create(config: z.input<typeof anomalyDetectionConfig.schema>): Promise<ScoreCardWorld> {
    const world = await DetectionWorld.create();
    const worker = await world.worker({ ...config, scorePods: true });
    const environment = await world.environment();
    await world.send(worker, environment, SERIES, 0, LAST);
    world.clock.time = timeOf(LAST);
    const root: DynamicModule = {
      module: ScoreCardRoot,
      imports: world.imports({ ...config, scorePods: true }, true),
      providers: [{ provide: APP_GUARD, useClass: TokenIsEnvironmentGuard }],
    };
    const app = await createHttpApplication(root, {
      context: moduleContext({ role: 'api' }),
      config: httpConfig.schema.parse({ port: 0 }),
      logger: false,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new ScoreCardWorld(world, worker, app, environment);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.world.close();
  }

  async call(method: 'GET' | 'POST', path: string, payload?: object): Promise<Answer> {
    const url = `/api/v1/environments/${this.environment.id}/score-cards${path}`;
    const response = await this.app.inject({ method, url, ...(payload ? { payload } : {}) });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  }

  /** The jump as a label, from an hour before on. */
  request(configurations: readonly object[]): object {
    const at = (tick: number) => new Date(timeOf(tick)).toISOString();
    return { from: at(400), labels: [{ kind: 'overload', from: at(FROM), to: at(TO) }], configurations };
  }

  start(configurations: readonly object[]): Promise<Answer> {
    return this.call('POST', '', this.request(configurations));
  }

  /** Runs the card as the worker's queue does, and answers how it ended. */
  async card(configurations: readonly object[]): Promise<any> {
    const started = await this.start(configurations);
    if (started.status !== 202) throw new Error(JSON.stringify(started.body));
    const context = { signal: new AbortController().signal, progress: () => Promise.resolve() };
    await this.worker.get(ExecuteStudyProcessor).process({ studyId: started.body.id }, context);
    return (await this.call('GET', `/${started.body.id}`)).body;
  }
}
