import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Clock, SystemClock } from '../../../../src/kernel/clock.js';
import { LabelSources } from '../../../../src/modules/anomaly-detection/index.js';
import { AuditModule } from '../../../../src/modules/audit/audit.module.js';
import { auditConfig } from '../../../../src/modules/audit/audit.config.js';
import { authConfig } from '../../../../src/modules/auth/auth.config.js';
import { AuthModule } from '../../../../src/modules/auth/auth.module.js';
import { environmentsConfig } from '../../../../src/modules/environments/environments.config.js';
import { EnvironmentsModule } from '../../../../src/modules/environments/environments.module.js';
import { incidentsConfig } from '../../../../src/modules/incidents/incidents.config.js';
import { IncidentsModule } from '../../../../src/modules/incidents/incidents.module.js';
import { notificationsConfig } from '../../../../src/modules/notifications/notifications.config.js';
import { NotificationsModule } from '../../../../src/modules/notifications/notifications.module.js';
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

class BasicsModule {}

export interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  // The body of an answer is whatever the test says it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Incidents and notifications as in the product: real database, queue, events, HTTP and sign-in. */
export class WholeApplication {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly admin: string,
  ) {}

  static async start(
    databaseUrl: string,
    options: {
      readonly incidents?: z.input<typeof incidentsConfig.schema>;
      readonly notifications?: z.input<typeof notificationsConfig.schema>;
    } = {},
  ): Promise<WholeApplication> {
    const context = moduleContext();
    const basics = [
      HealthRegistry,
      LabelSources,
      { provide: Clock, useClass: SystemClock },
      { provide: Runtime, useValue: { profile: context.profile } },
    ];
    const http = section(httpConfig, { port: 0, rateLimit: { enabled: false }, publicUrl: 'https://dsim.example.org' });
    const root: DynamicModule = {
      module: class IncidentsRoot {},
      imports: [
        testConfiguration(
          section(databaseConfig, { url: databaseUrl }),
          section(redisConfig, {}),
          section(queueConfig, { shutdownTimeoutMs: 1_000 }),
          section(eventsConfig, {}),
          section(auditConfig, {}),
          section(authConfig, { adminPassword: PASSWORD }),
          section(environmentsConfig, {}),
          section(incidentsConfig, options.incidents ?? {}),
          section(notificationsConfig, options.notifications ?? {}),
          http,
        ),
        { module: BasicsModule, global: true, providers: basics, exports: basics },
        DatabaseModule.forRoot(),
        QueueModule.forRoot(context),
        EventsModule.forRoot(context),
        AuditModule.register(context),
        AuthModule.register(context),
        EnvironmentsModule.register(context),
        IncidentsModule.register(context),
        NotificationsModule.register(context),
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
    return new WholeApplication(app, login.json<{ accessToken: string }>().accessToken);
  }

  async call(
    method: 'GET' | 'POST',
    path: string,
    { body, token, ifNoneMatch }: { body?: object; token?: string; ifNoneMatch?: string } = {},
  ): Promise<Answer> {
    const response = await this.app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: {
        authorization: `Bearer ${token ?? this.admin}`,
        ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const etag = response.headers.etag as string | undefined;
    return { status: response.statusCode, etag, body: response.body === '' ? undefined : response.json() };
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
