import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { PROJECT_DIR, type Environment } from '../platform/config/environment.js';
import { httpConfig } from '../platform/http/http.config.js';
import { observabilityConfig } from '../platform/observability/observability.config.js';
import { queueConfig } from '../platform/queue/queue.config.js';
import type { ModuleContext } from '../platform/registry/module-definition.js';
import { NoWorkerHealth } from '../platform/registry/worker-health.js';
import { NoWorkerMetrics } from '../platform/registry/worker-metrics.js';
import { announce } from './banner.js';
import { openDatabase } from './open-database.js';
import { checkPortIsFree } from './port-check.js';
import { prepare, type Preparation } from './preparation.js';
import type { ProcessLifecycle } from './process-lifecycle.js';
import { ProcessLogger } from './process-logger.js';
import { traceFrom } from './trace-from.js';
import { linkToParent } from './worker-link.js';
import { SupervisedWorkerHealth, SupervisedWorkerMetrics, superviseWorker } from './worker-supervisor.js';

/** From an environment to a serving process. Whatever it starts is registered with the lifecycle at once. */
export async function boot(
  env: Environment,
  lifecycle: ProcessLifecycle,
  report: (line: string) => void,
): Promise<void> {
  const first = await prepare(env);
  const { launch, features } = first;
  const processName = launch.role === 'worker' ? 'worker' : 'api';
  const version = readVersion();
  const context: ModuleContext = {
    profile: launch.profile,
    role: launch.role,
    serves: launch.role !== 'worker',
    works: launch.role === 'worker',
    isEnabled: (id) => features.isEnabled(id),
  };

  // As early as can be: threads that are started later inherit it.
  if (launch.role === 'worker') setPriority(first.configuration.get(queueConfig).workerNiceness);

  await checkPortIsFree(first.configuration.get(httpConfig));
  await traceFrom(first.configuration, processName, version, lifecycle);
  // Loading the product takes longer than starting a database, so both happen at once.
  const loading = loadCode(context);
  loading.catch(() => undefined);
  const database = await openDatabase(first, lifecycle, report);
  const { configuration, warnings }: Preparation = database.override ? await prepare(env, [database.override]) : first;
  const { AppModule, Logger, PinoLogger, createHttpApplication, listenHttp, modules } = await loading;

  const { logLevel, logFormat } = configuration.get(observabilityConfig);
  const format = logFormat ?? (launch.profile === 'development' ? 'pretty' : 'json');
  const logger = new ProcessLogger(
    await PinoLogger.create({ level: logLevel, format, process: processName }),
    launch.debug,
  );
  Logger.overrideLogger(logger);
  endOnUncaught(lifecycle, (error) => logger.fatal(error, 'Process'));
  if (!launch.supervised) for (const warning of warnings) logger.warn(warning, 'Boot');
  await database.migrate(configuration);
  if (lifecycle.isStopping) return;

  const supervisor =
    launch.role === 'all'
      ? superviseWorker({ env, database, configuration, report: (line) => logger.warn(line, 'Worker') })
      : undefined;
  if (supervisor) {
    lifecycle.started({ name: 'The worker', stop: () => supervisor.stop(), force: () => supervisor.force() });
    supervisor.start();
    logger.onLevel((level) => supervisor.setLogLevel(level));
  }

  const root = AppModule.compose(context, modules, {
    configuration,
    features,
    logger,
    runtime: {
      profile: launch.profile,
      role: launch.role,
      version,
      projectDir: PROJECT_DIR,
      dataDir: database.dataDir,
      embeddedDatabase: database.override !== undefined,
      supervised: launch.supervised,
    },
    workerMetrics: supervisor ? new SupervisedWorkerMetrics(supervisor) : new NoWorkerMetrics(),
    workerHealth: supervisor ? new SupervisedWorkerHealth(supervisor) : new NoWorkerHealth(),
  });
  const app = await createHttpApplication(root, { context, config: configuration.get(httpConfig), logger });
  lifecycle.started({ name: 'The application', stop: () => app.close() });
  const listening = await listenHttp(app);
  logger.booted();

  if (launch.supervised) linkToParent(app, () => lifecycle.stopAndExit(0));
  else announce({ app, launch, features, version, format, logger, listening, database });
}

/** Everything heavy, imported dynamically so that tracing comes first and a module that is off is never loaded. */
async function loadCode(context: ModuleContext) {
  const [nest, appModule, http, listen, pino] = await Promise.all([
    import('@nestjs/common'),
    import('./app.module.js'),
    import('../platform/http/create-http-application.js'),
    import('../platform/http/listen-http.js'),
    import('../platform/observability/pino-logger.js'),
  ]);
  return {
    Logger: nest.Logger,
    PinoLogger: pino.PinoLogger,
    AppModule: appModule.AppModule,
    modules: await appModule.loadModules(context),
    createHttpApplication: http.createHttpApplication,
    listenHttp: listen.listenHttp,
  };
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PROJECT_DIR, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** An error that nobody caught leaves the process in an unknown state: say so, stop cleanly, let the supervisor restart. */
function endOnUncaught(lifecycle: ProcessLifecycle, log: (error: unknown) => void): void {
  const end = (error: unknown): void => {
    log(error);
    lifecycle.stopAndExit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
