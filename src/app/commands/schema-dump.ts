import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { describeSchemaAt } from '../../platform/database/describe-schema.js';
import { runMigrations } from '../../platform/database/migrations.js';
import { embeddedPostgresConfig } from '../../platform/embedded-postgres/embedded-postgres.config.js';
import { EmbeddedPostgres } from '../../platform/embedded-postgres/embedded-postgres.js';
import { runCommand } from './command.js';

const FILE = join(PROJECT_DIR, 'migrations/schema.sql');

/** The schema that the migrations make of an empty database, on a server that lives only for this. */
export async function dumpSchema(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dsim-schema-'));
  // Started by root, the server runs as another user, who must get through to its own folder inside.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const config = embeddedPostgresConfig.schema.parse({ sharedBuffersMb: 16, maxConnections: 20 });
  const server = new EmbeddedPostgres({ dataDir, dataDirChosen: true, config, report });
  try {
    const { url } = await server.start();
    await runMigrations(url);
    return await describeSchemaAt(url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

runCommand(
  import.meta.url,
  {
    usage: 'npm run schema:dump',
    description: 'Writes migrations/schema.sql from an empty database that all migrations ran on.',
    options: [['--check', 'Writes nothing; exit code 1 when the committed file differs.']],
  },
  { check: { type: 'boolean' } },
  async ({ check }) => {
    const text = await dumpSchema();
    if (check !== true) {
      writeFileSync(FILE, text);
      process.stdout.write(`Wrote ${FILE}\n`);
      return 0;
    }
    if (existsSync(FILE) && readFileSync(FILE, 'utf8') === text) return 0;
    process.stderr.write(
      'migrations/schema.sql is not what the migrations make. Run `npm run schema:dump` and commit the result.\n',
    );
    return 1;
  },
);
