import { Controller, Get, Module, Post, Sse, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Observable, of } from 'rxjs';
import { Clock } from '../../../../src/kernel/clock.js';
import { AuditModule } from '../../../../src/modules/audit/audit.module.js';
import { authConfig } from '../../../../src/modules/auth/auth.config.js';
import { AuthModule } from '../../../../src/modules/auth/auth.module.js';
import { environmentsConfig } from '../../../../src/modules/environments/environments.config.js';
import { EnvironmentsModule } from '../../../../src/modules/environments/environments.module.js';
import type { ConfigOf } from '../../../../src/platform/config/define-config.js';
import { databaseConfig } from '../../../../src/platform/database/database.config.js';
import { DatabaseModule } from '../../../../src/platform/database/database.module.js';
import type { AnyEvent, DeliveredEvent } from '../../../../src/platform/events/define-event.js';
import { EventBus } from '../../../../src/platform/events/event-bus.js';
import {
  Access,
  CurrentPrincipal,
  Public,
  type Permission,
  type Principal,
} from '../../../../src/platform/http/access.js';
import { createHttpApplication } from '../../../../src/platform/http/create-http-application.js';
import { httpConfig } from '../../../../src/platform/http/http.config.js';
import { HealthRegistry } from '../../../../src/platform/observability/health-registry.js';
import { QueueModule } from '../../../../src/platform/queue/queue.module.js';
import type { ModuleContext } from '../../../../src/platform/registry/module-definition.js';
import { Runtime } from '../../../../src/platform/registry/runtime.js';
import { section, testConfiguration } from '../../../support/configuration.js';
import type { TestDatabase } from '../../../support/database.js';

export const ADMIN_PASSWORD = 'correct horse battery staple';
export const API = '/api/v1';

/** Real time, moved by as much as a test says. */
export class MovedClock extends Clock {
  offsetMs = 0;

  override now(): number {
    return Date.now() + this.offsetMs;
  }
}

export class RecordedEvents extends EventBus {
  readonly published: { readonly type: string; readonly payload: unknown }[] = [];

  override async publish(_tx: unknown, event: AnyEvent, payload: unknown): Promise<void> {
    this.published.push({ type: event.type, payload: event.payload.parse(payload) });
  }

  override tail(): Observable<DeliveredEvent> {
    return of();
  }
}

@Controller('probe')
class ProbeController {
  @Get('public')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('undeclared')
  undeclared(): string {
    return 'never';
  }

  @Get('incidents')
  @Access('incidents:read')
  incidents(@CurrentPrincipal() principal: Principal): { name: string } {
    return { name: principal.name };
  }

  @Get('environments/:environmentId/series')
  @Access('telemetry:read')
  series(): string {
    return 'series';
  }

  @Post('incidents')
  @Access('incidents:resolve')
  resolve(): string {
    return 'resolved';
  }

  @Sse('live')
  @Access('incidents:read')
  live(): Observable<{ data: string }> {
    return of({ data: 'tick' });
  }
}

@Controller('probe-public')
@Public()
class PublicProbeController {
  @Get()
  open(): string {
    return 'open';
  }

  @Get('closed')
  @Access('admin')
  closed(): string {
    return 'closed';
  }
}

@Module({ controllers: [ProbeController, PublicProbeController] })
class ProbeModule {}

export interface SecuredOptions {
  readonly auth?: Partial<ConfigOf<typeof authConfig>>;
  readonly profile?: ModuleContext['profile'];
  readonly role?: 'api' | 'worker';
}

export interface Secured {
  readonly app: NestFastifyApplication;
  readonly clock: MovedClock;
  readonly events: RecordedEvents;
  close(): Promise<void>;
}

class BasicsModule {}

/** Database, audit, auth and environments over HTTP; the queue and the event bus stay outside. */
export async function bootSecured(db: TestDatabase, options: SecuredOptions = {}): Promise<Secured> {
  const clock = new MovedClock();
  const events = new RecordedEvents();
  const profile = options.profile ?? 'development';
  const role = options.role ?? 'api';
  const works = role === 'worker';
  const context: ModuleContext = { profile, role, serves: !works, works, isEnabled: () => true };
  const basics = [
    HealthRegistry,
    { provide: Clock, useValue: clock },
    { provide: EventBus, useValue: events },
    { provide: Runtime, useValue: { profile } },
  ];
  const root: DynamicModule = {
    module: class SecuredRoot {},
    imports: [
      testConfiguration(
        section(databaseConfig, { url: db.url, poolSize: 4 }),
        section(authConfig, { adminPassword: ADMIN_PASSWORD, ...options.auth }),
        section(environmentsConfig, {}),
      ),
      { module: BasicsModule, global: true, providers: basics, exports: basics },
      DatabaseModule.forRoot(),
      withoutQueue(AuditModule.register(context)),
      withoutQueue(AuthModule.register(context)),
      EnvironmentsModule.register(context),
      ProbeModule,
    ],
  };
  const config = httpConfig.schema.parse({ port: 0, rateLimit: { enabled: false } });
  const app = await createHttpApplication(root, { context, config, logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, clock, events, close: () => app.close() };
}

function withoutQueue(module: DynamicModule): DynamicModule {
  return {
    ...module,
    imports: (module.imports ?? []).filter((part) => (part as DynamicModule).module !== QueueModule),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  // The body of an answer is whatever the test says it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface Call {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly ip?: string;
}

export async function call(
  { app }: Pick<Secured, 'app'>,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  { token, headers, body, ip }: Call = {},
): Promise<Answer> {
  const response = await app.inject({
    method,
    url: `${API}${path}`,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { payload: body }),
    ...(ip === undefined ? {} : { remoteAddress: ip }),
  });
  const isJson = String(response.headers['content-type'] ?? '').includes('json');
  return { status: response.statusCode, headers: response.headers, body: isJson ? response.json() : response.body };
}

/** Access token of the administrator. */
export async function loginAdmin(secured: Secured, password = ADMIN_PASSWORD): Promise<string> {
  const answer = await call(secured, 'POST', '/auth/login', { body: { username: 'admin', password } });
  if (answer.status !== 200) throw new Error(`login failed: ${JSON.stringify(answer.body)}`);
  return answer.body.accessToken as string;
}

export async function createToken(
  secured: Secured,
  admin: string,
  permissions: readonly Permission[],
  more: object = {},
): Promise<{ id: string; token: string }> {
  const body = { name: 'test', permissions, ...more };
  const answer = await call(secured, 'POST', '/api-tokens', { token: admin, body });
  if (answer.status !== 201) throw new Error(`token was refused: ${JSON.stringify(answer.body)}`);
  return answer.body as { id: string; token: string };
}
