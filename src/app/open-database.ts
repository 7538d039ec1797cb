import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration, ConfigOverride } from '../platform/config/load-configuration.js';
import { isTransient } from '../platform/database/connection-errors.js';
import { databaseConfig } from '../platform/database/database.config.js';
import { embeddedPostgresConfig } from '../platform/embedded-postgres/embedded-postgres.config.js';
import { EMBEDDED_SOURCE, type Preparation } from './preparation.js';
import type { ProcessLifecycle } from './process-lifecycle.js';

const RETRY_DELAY_MS = 1_000;

export interface OpenedDatabase {
  /** Set where we run the server ourselves: its address, for this process and the worker. */
  readonly override: (ConfigOverride & { readonly value: string }) | undefined;
  readonly dataDir: string;
  /** Names of the migrations that ran. */
  migrate(configuration: Configuration): Promise<readonly string[]>;
}

/** Starts the embedded server where no address is configured. */
export async function openDatabase(
  { launch, configuration, needsEmbeddedDatabase }: Preparation,
  lifecycle: ProcessLifecycle,
  report: (line: string) => void,
): Promise<OpenedDatabase> {
  // The parent of a supervised worker has migrated already.
  const migrate = launch.supervised
    ? () => Promise.resolve([])
    : (current: Configuration) => migrateWhenUp(current, report);
  if (!needsEmbeddedDatabase) return { override: undefined, dataDir: launch.dataDir, migrate };
  const { EmbeddedPostgres } = await import('../platform/embedded-postgres/embedded-postgres.js');
  const server = new EmbeddedPostgres({
    dataDir: launch.dataDir,
    dataDirChosen: launch.dataDirChosen,
    config: configuration.get(embeddedPostgresConfig),
    report,
  });
  lifecycle.started({ name: 'PostgreSQL', stop: () => server.stop(), force: () => server.kill() });
  const { url, dataDir } = await server.start();
  return { override: { key: 'database.url', value: url, source: EMBEDDED_SOURCE }, dataDir, migrate };
}

/** Waits for a server that is not up yet, as long as `database.startTimeoutMs` says. */
async function migrateWhenUp(configuration: Configuration, report: (line: string) => void): Promise<readonly string[]> {
  const { url, tls, startTimeoutMs } = configuration.get(databaseConfig);
  if (url === undefined) return [];
  const { runMigrations } = await import('../platform/database/migrations.js');
  const deadline = performance.now() + startTimeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await runMigrations(url, { tls });
    } catch (error) {
      if (!isTransient(error) || performance.now() + RETRY_DELAY_MS > deadline) throw error;
      if (attempt === 1) report('PostgreSQL does not answer yet; waiting for it.');
      await sleep(RETRY_DELAY_MS);
    }
  }
}
