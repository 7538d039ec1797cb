import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fileURLToPath } from 'node:url';
import { Clock } from '../../../../src/kernel/clock.js';
import { AuditModule } from '../../../../src/modules/audit/audit.module.js';
import { auditConfig } from '../../../../src/modules/audit/audit.config.js';
import { authConfig } from '../../../../src/modules/auth/auth.config.js';
import { AuthModule } from '../../../../src/modules/auth/auth.module.js';
import { environmentsConfig } from '../../../../src/modules/environments/environments.config.js';
import { EnvironmentsModule } from '../../../../src/modules/environments/environments.module.js';
import { SimulationTicker } from '../../../../src/modules/simulation/live/simulation-ticker.js';
import { simulationConfig } from '../../../../src/modules/simulation/simulation.config.js';
import { SimulationModule } from '../../../../src/modules/simulation/simulation.module.js';
import { telemetryConfig } from '../../../../src/modules/telemetry/telemetry.config.js';
import { TelemetryModule } from '../../../../src/modules/telemetry/telemetry.module.js';
import { TelemetryReader } from '../../../../src/modules/telemetry/index.js';
import { databaseConfig } from '../../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../../src/platform/database/database.module.js';
import { eventsConfig } from '../../../../src/platform/events/events.config.js';
import { EventsModule } from '../../../../src/platform/events/events.module.js';
import { createHttpApplication } from '../../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import { HealthRegistry } from '../../../../src/platform/observability/health-registry.js';
import { queueConfig, redisConfig } from '../../../../src/platform/queue/queue.config.js';
import { QueueModule } from '../../../../src/platform/queue/queue.module.js';
import { Runtime } from '../../../../src/platform/registry/runtime.js';
import { section, testConfiguration } from '../../../support/configuration.js';
import { moduleContext } from '../../../support/platform.js';

const PASSWORD = 'correct horse battery staple';
const PROJECT_DIR = fileURLToPath(new URL('../../../../', import.meta.url));

class BasicsModule {}

/** Wall time is the test's, and does not pass by itself. */
export class SettableClock extends Clock {
  constructor(public time = Date.now()) {
    super();
  }
  override now(): number {
    return this.time;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // The body of an answer is whatever the test says it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** A process of the product with simulations, on a database that others may share. Its ticker moves when told to. */
export class SimulationProcess {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly admin: string,
  ) {}

  static async start(databaseUrl: string, clock: Clock, batchMs = 5_000): Promise<SimulationProcess> {
    const context = moduleContext();
    const basics = [
      HealthRegistry,
      { provide: Clock, useValue: clock },
      { provide: Runtime, useValue: { profile: context.profile, projectDir: PROJECT_DIR } },
    ];
    const http = section(httpConfig, { port: 0, rateLimit: { enabled: false } });
    const root: DynamicModule = {
      module: class SimulationRoot {},
      imports: [
        testConfiguration(
          section(databaseConfig, { url: databaseUrl }),
          section(redisConfig, {}),
          section(queueConfig, { shutdownTimeoutMs: 1_000 }),
          section(eventsConfig, {}),
          section(auditConfig, {}),
          section(authConfig, { adminPassword: PASSWORD }),
          section(environmentsConfig, {}),
          section(telemetryConfig, { hostSource: { enabled: false } }),
          section(simulationConfig, { tickMs: 60_000, batchMs }),
          http,
        ),
        { module: BasicsModule, global: true, providers: basics, exports: basics },
        DatabaseModule.forRoot(),
        QueueModule.forRoot(context),
        EventsModule.forRoot(context),
        AuditModule.register(context),
        AuthModule.register(context),
        EnvironmentsModule.register(context),
        TelemetryModule.register(context),
        SimulationModule.register(context),
      ],
    };
    const config = httpConfig.schema.parse(http.value);
    const app = await createHttpApplication(root, { context, config, logger: false });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    const login = await app.inject({
      method: 'POST',
      url: '/api/v1/auth/login',
      payload: { username: 'admin', password: PASSWORD },
    });
    return new SimulationProcess(app, login.json<{ accessToken: string }>().accessToken);
  }

  /** As an administrator, unless another token is given. */
  async call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    { body, token, headers = {} }: { body?: object; token?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await this.app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { authorization: `Bearer ${token ?? this.admin}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    const json = String(response.headers['content-type'] ?? '').includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      body: json ? response.json() : undefined,
    };
  }

  /** What the worker's clock does about once a second, until nothing is left to do at once. */
  async turn(): Promise<void> {
    while (await this.app.get(SimulationTicker, { strict: false }).turn());
  }

  /** Every stored sample of the environment, by the text of its labels. */
  async samples(environmentId: string): Promise<Map<string, { times: number[]; values: number[] }>> {
    const reader = this.app.get(TelemetryReader, { strict: false });
    const found = new Map<string, { times: number[]; values: number[] }>();
    let cursor: string | undefined;
    do {
      const page = await reader.findSeries(environmentId, { selectors: [], limit: 500, ...(cursor && { cursor }) });
      const windows = await reader.readSamples(
        environmentId,
        page.items.map(({ id }) => id),
        { from: 0, to: Date.UTC(2100, 0) },
      );
      for (const { id, labels } of page.items) {
        const window = windows.get(id);
        const key = JSON.stringify(Object.entries(labels).toSorted());
        if (window) found.set(key, { times: Array.from(window.times), values: Array.from(window.values) });
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
